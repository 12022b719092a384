"""contributions, recommendations, editions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("correction_until", sa.Date(), nullable=True),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("redacted_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_edition_number_positive")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_edition_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("conference_id", "number", name=op.f("uq_edition_conference_id_number")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_edition_host_id_conference_id_id")
        ),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("field_of_action", sa.String(length=120), nullable=False),
        sa.Column("target_groups", sa.JSON(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("lead", sa.String(length=200), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("caretaker", sa.String(length=200), nullable=False),
        sa.Column(
            "horizon",
            sa.Enum(
                "short",
                "medium",
                "long",
                name="horizon",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("target_date", sa.Date(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "collected",
                "drafted",
                "in_consultation",
                "prioritised",
                "submitted",
                "adopted",
                "adopted_amended",
                "noted",
                "rejected",
                "planned",
                "in_progress",
                "done",
                "stopped",
                "deferred",
                name="recommendationstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("submission_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "status <> 'done' OR result <> ''", name=op.f("ck_recommendation_done_has_result")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_recommendation_title")),
        sa.CheckConstraint("number > 0", name=op.f("ck_recommendation_number_positive")),
        sa.CheckConstraint(
            "priority IS NULL OR priority > 0", name=op.f("ck_recommendation_priority_positive")
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_recommendation_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("conference_id", "key", name=op.f("uq_recommendation_conference_id_key")),
        sa.UniqueConstraint("submission_digest", name=op.f("uq_recommendation_submission_digest")),
        sa.UniqueConstraint("conference_id", "number", name=op.f("uq_recommendation_conference_id_number")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_recommendation_host_id_conference_id_id")
        ),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_recommendation_conference_id_status", ["conference_id", "status"], unique=False
        )

    op.create_table(
        "edition_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "pdf", "csv", "json", name="fileformat", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "rendering",
                "ready",
                "failed",
                "removed",
                name="filestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("held_until", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'ready') = (stored_file_id IS NOT NULL)", name=op.f("ck_edition_file_ready_has_file")
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "edition_id"],
            ["edition.host_id", "edition.conference_id", "edition.id"],
            name=op.f("fk_edition_file_host_id_conference_id_edition_id_edition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "stored_file_id"],
            ["stored_file.host_id", "stored_file.id"],
            name=op.f("fk_edition_file_host_id_stored_file_id_stored_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_file")),
        sa.UniqueConstraint("edition_id", "format", name=op.f("uq_edition_file_edition_id_format")),
    )
    with op.batch_alter_table("edition_file", schema=None) as batch_op:
        batch_op.create_index("ix_edition_file_state", ["state"], unique=False)
        batch_op.create_index("ix_edition_file_stored_file_id", ["stored_file_id"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("main_points", sa.Text(), nullable=False),
        sa.Column("signed_off", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("participants >= 0", name=op.f("ck_minutes_participants_not_negative")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "working_group_id"],
            ["working_group.host_id", "working_group.conference_id", "working_group.id"],
            name=op.f("fk_minutes_host_id_conference_id_working_group_id_working_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_minutes_host_id_conference_id_id")
        ),
        sa.UniqueConstraint(
            "working_group_id", "round_number", name=op.f("uq_minutes_working_group_id_round_number")
        ),
    )
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.create_index("ix_minutes_conference_id", ["conference_id"], unique=False)

    op.create_table(
        "status_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "collected",
                "drafted",
                "in_consultation",
                "prioritised",
                "submitted",
                "adopted",
                "adopted_amended",
                "noted",
                "rejected",
                "planned",
                "in_progress",
                "done",
                "stopped",
                "deferred",
                name="recommendationstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "recommendation_id"],
            ["recommendation.host_id", "recommendation.conference_id", "recommendation.id"],
            name=op.f("fk_status_update_host_id_conference_id_recommendation_id_recommendation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_member.id"],
            name=op.f("fk_status_update_staff_member_id_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_update")),
    )
    with op.batch_alter_table("status_update", schema=None) as batch_op:
        batch_op.create_index("ix_status_update_recommendation_id", ["recommendation_id"], unique=False)

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_topic_number_positive")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "working_group_id"],
            ["working_group.host_id", "working_group.conference_id", "working_group.id"],
            name=op.f("fk_topic_host_id_conference_id_working_group_id_working_group"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_topic_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("conference_id", "key", name=op.f("uq_topic_conference_id_key")),
        sa.UniqueConstraint("conference_id", "number", name=op.f("uq_topic_conference_id_number")),
        sa.UniqueConstraint("host_id", "conference_id", "id", name=op.f("uq_topic_host_id_conference_id_id")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index("ix_topic_working_group_id", ["working_group_id"], unique=False)

    op.create_table(
        "contribution",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "idea",
                "need",
                "problem",
                "praise",
                "question",
                "strength",
                "open_question",
                name="contributionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "card",
                "phone",
                "letter",
                "outreach",
                "survey",
                "table_minutes",
                name="contributionchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("german", sa.Text(), nullable=False),
        sa.Column(
            "german_by",
            sa.Enum(
                "human", "machine", name="translatedby", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("german_reviewed", sa.Boolean(), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "in_review",
                "published",
                "duplicate",
                "rejected",
                "forwarded",
                "withdrawn",
                name="contributionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column(
            "rejection_reason",
            sa.Enum(
                "personal_data",
                "insult",
                "accusation",
                "advertising",
                "unlawful",
                "off_topic",
                "illegible",
                name="rejectionreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("forwarded_to", sa.String(length=200), nullable=False),
        sa.Column("duplicate_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("submission_digest", sa.String(length=64), nullable=True),
        sa.Column("notice_digest", sa.String(length=64), nullable=False),
        sa.Column("search_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(status = 'duplicate') = (duplicate_of_id IS NOT NULL)",
            name=op.f("ck_contribution_duplicate_of"),
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (text IS NULL)", name=op.f("ck_contribution_withdrawn_is_erased")
        ),
        sa.CheckConstraint(
            "status <> 'forwarded' OR forwarded_to <> ''", name=op.f("ck_contribution_office")
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR rejection_reason IS NOT NULL", name=op.f("ck_contribution_reason")
        ),
        sa.CheckConstraint(
            "status NOT IN ('published', 'duplicate') OR number IS NOT NULL",
            name=op.f("ck_contribution_public_number"),
        ),
        sa.CheckConstraint(
            "duplicate_of_id IS NULL OR duplicate_of_id <> id", name=op.f("ck_contribution_not_of_itself")
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "duplicate_of_id"],
            ["contribution.host_id", "contribution.conference_id", "contribution.id"],
            name=op.f("fk_contribution_host_id_conference_id_duplicate_of_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "topic_id"],
            ["topic.host_id", "topic.conference_id", "topic.id"],
            name=op.f("fk_contribution_host_id_conference_id_topic_id_topic"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "working_group_id"],
            ["working_group.host_id", "working_group.conference_id", "working_group.id"],
            name=op.f("fk_contribution_host_id_conference_id_working_group_id_working_group"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_contribution_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_contribution_code_digest")),
        sa.UniqueConstraint("conference_id", "key", name=op.f("uq_contribution_conference_id_key")),
        sa.UniqueConstraint("conference_id", "number", name=op.f("uq_contribution_conference_id_number")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_contribution_host_id_conference_id_id")
        ),
        sa.UniqueConstraint("submission_digest", name=op.f("uq_contribution_submission_digest")),
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contribution_conference_id_status_number", ["conference_id", "status", "number"], unique=False
        )
        batch_op.create_index(
            "ix_contribution_conference_id_status_received_on",
            ["conference_id", "status", "received_on"],
            unique=False,
        )
        batch_op.create_index("ix_contribution_duplicate_of_id", ["duplicate_of_id"], unique=False)
        batch_op.create_index("ix_contribution_topic_id", ["topic_id"], unique=False)
        batch_op.create_index("ix_contribution_working_group_id", ["working_group_id"], unique=False)

    op.create_table(
        "contribution_report",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "personal_data",
                "insult",
                "untrue",
                "other",
                name="reportreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("submission_digest", sa.String(length=64), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("handled_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "contribution_id"],
            ["contribution.host_id", "contribution.conference_id", "contribution.id"],
            name=op.f("fk_contribution_report_host_id_conference_id_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_report")),
        sa.UniqueConstraint("submission_digest", name=op.f("uq_contribution_report_submission_digest")),
    )
    with op.batch_alter_table("contribution_report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contribution_report_conference_id_handled_at", ["conference_id", "handled_at"], unique=False
        )
        batch_op.create_index("ix_contribution_report_contribution_id", ["contribution_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("minutes_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN contribution_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN topic_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN minutes_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_evidence_exactly_one"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "contribution_id"],
            ["contribution.host_id", "contribution.conference_id", "contribution.id"],
            name=op.f("fk_evidence_host_id_conference_id_contribution_id_contribution"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "minutes_id"],
            ["minutes.host_id", "minutes.conference_id", "minutes.id"],
            name=op.f("fk_evidence_host_id_conference_id_minutes_id_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "recommendation_id"],
            ["recommendation.host_id", "recommendation.conference_id", "recommendation.id"],
            name=op.f("fk_evidence_host_id_conference_id_recommendation_id_recommendation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "topic_id"],
            ["topic.host_id", "topic.conference_id", "topic.id"],
            name=op.f("fk_evidence_host_id_conference_id_topic_id_topic"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "recommendation_id", "contribution_id", name=op.f("uq_evidence_recommendation_id_contribution_id")
        ),
        sa.UniqueConstraint(
            "recommendation_id", "minutes_id", name=op.f("uq_evidence_recommendation_id_minutes_id")
        ),
        sa.UniqueConstraint(
            "recommendation_id", "topic_id", name=op.f("uq_evidence_recommendation_id_topic_id")
        ),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_contribution_id", ["contribution_id"], unique=False)
        batch_op.create_index("ix_evidence_minutes_id", ["minutes_id"], unique=False)
        batch_op.create_index("ix_evidence_topic_id", ["topic_id"], unique=False)

    op.create_table(
        "moderation_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "in_review",
                "published",
                "duplicate",
                "rejected",
                "forwarded",
                "withdrawn",
                name="contributionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "personal_data",
                "insult",
                "accusation",
                "advertising",
                "unlawful",
                "off_topic",
                "illegible",
                name="rejectionreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "contribution_id"],
            ["contribution.host_id", "contribution.conference_id", "contribution.id"],
            name=op.f("fk_moderation_decision_host_id_conference_id_contribution_id_contribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_member.id"],
            name=op.f("fk_moderation_decision_staff_member_id_staff_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
    )
    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.create_index("ix_moderation_decision_contribution_id", ["contribution_id"], unique=False)

    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contributions_open_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("contributions_close_at", sa.DateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("last_contribution_number", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("last_recommendation_number", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_conference_contributions_close_after_opening"),
            "contributions_close_at IS NULL OR contributions_close_at > contributions_open_at",
        )
    # The default was for the rows that were there.
    with op.batch_alter_table("conference") as batch_op:
        for name in ("last_contribution_number", "last_recommendation_number"):
            batch_op.alter_column(
                name, existing_type=sa.Integer(), existing_nullable=False, server_default=None
            )


def downgrade() -> None:
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_conference_contributions_close_after_opening"), type_="check")
        batch_op.drop_column("last_recommendation_number")
        batch_op.drop_column("last_contribution_number")
        batch_op.drop_column("contributions_close_at")
        batch_op.drop_column("contributions_open_at")

    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_decision_contribution_id")

    op.drop_table("moderation_decision")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_topic_id")
        batch_op.drop_index("ix_evidence_minutes_id")
        batch_op.drop_index("ix_evidence_contribution_id")

    op.drop_table("evidence")
    with op.batch_alter_table("contribution_report", schema=None) as batch_op:
        batch_op.drop_index("ix_contribution_report_contribution_id")
        batch_op.drop_index("ix_contribution_report_conference_id_handled_at")

    op.drop_table("contribution_report")
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.drop_index("ix_contribution_working_group_id")
        batch_op.drop_index("ix_contribution_topic_id")
        batch_op.drop_index("ix_contribution_duplicate_of_id")
        batch_op.drop_index("ix_contribution_conference_id_status_received_on")
        batch_op.drop_index("ix_contribution_conference_id_status_number")

    op.drop_table("contribution")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index("ix_topic_working_group_id")

    op.drop_table("topic")
    with op.batch_alter_table("status_update", schema=None) as batch_op:
        batch_op.drop_index("ix_status_update_recommendation_id")

    op.drop_table("status_update")
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.drop_index("ix_minutes_conference_id")

    op.drop_table("minutes")
    with op.batch_alter_table("edition_file", schema=None) as batch_op:
        batch_op.drop_index("ix_edition_file_stored_file_id")
        batch_op.drop_index("ix_edition_file_state")

    op.drop_table("edition_file")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index("ix_recommendation_conference_id_status")

    op.drop_table("recommendation")
    op.drop_table("edition")
