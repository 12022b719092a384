"""households, the form's own questions, support needs, queues and offers, wishes, messages, the day itself"""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MESSAGES = (
    "registration_confirmed",
    "groups_changed",
    "moved_up",
    "registration_cancelled",
    "staff_invitation",
    "accessibility_feedback",
)
_NEW_MESSAGES = (
    "waitlisted",
    "offer",
    "offer_lapsed",
    "groups_assigned",
    "need_answered",
    "reminder",
    "schedule_changed",
    "conference_postponed",
    "conference_cancelled",
    "thanks",
    "results_out",
    "institution_invitation",
)
_STATUSES = ("confirmed", "cancelled", "attended", "no_show")
_STATUSES_NOW = ("waitlisted", "offered", "confirmed", "lapsed", "cancelled", "attended", "no_show")
_CHANNELS = ("web", "phone", "paper", "walk_in")
_CHANNELS_NOW = ("web", "phone", "paper", "table", "walk_in")
_MESSAGE_STATES = ("queued", "sending", "sent", "failed", "unknown")
_ROLES = ("instance_admin", "host_admin", "organizer")


def _listed(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN {_listed(values)}"


def _add(table: str, columns: list[tuple[sa.Column[Any], Any]]) -> None:
    """Add columns with a value for the rows that are there; later rows get theirs from the app."""
    with op.batch_alter_table(table) as batch_op:
        for column, value in columns:
            column.server_default = sa.DefaultClause(value) if value is not None else None
            batch_op.add_column(column)
    with op.batch_alter_table(table) as batch_op:
        for column, value in columns:
            if value is not None:
                batch_op.alter_column(column.name, server_default=None, existing_type=column.type)


def _mark(table: str) -> None:
    """Give the rows that are there a name for their calendar entries, and let each have one from now on."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column("calendar_mark", sa.String(length=16), nullable=True))
    rows = sa.table(table, sa.column("id", sa.Integer), sa.column("calendar_mark", sa.String))
    connection = op.get_bind()
    for (row_id,) in connection.execute(sa.select(rows.c.id)).all():
        connection.execute(
            rows.update().where(rows.c.id == row_id).values(calendar_mark=secrets.token_hex(8))
        )
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column("calendar_mark", existing_type=sa.String(length=16), nullable=False)


def upgrade() -> None:
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_retention_run_host_id_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    with op.batch_alter_table("retention_run", schema=None) as batch_op:
        batch_op.create_index("ix_retention_run_host_id_at", ["host_id", "at"], unique=False)

    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "draft",
                "released",
                "discarded",
                "failed",
                name="allocationstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column("protocol", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL)", name=op.f("ck_allocation_release_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["staff_member.id"],
            name=op.f("fk_allocation_created_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_allocation_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"],
            ["staff_member.id"],
            name=op.f("fk_allocation_released_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("conference_id", "number", name=op.f("uq_allocation_conference_id_number")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_allocation_host_id_conference_id_id")
        ),
    )
    op.create_table(
        "audience_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column(
            "role_group",
            sa.Enum(
                "resident",
                "institution",
                "politics",
                "administration",
                "press",
                name="rolegroup",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("places >= 0 AND taken >= 0", name=op.f("ck_audience_quota_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_audience_quota_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_quota")),
        sa.UniqueConstraint(
            "conference_id", "role_group", name=op.f("uq_audience_quota_conference_id_role_group")
        ),
    )
    op.create_table(
        "cancelled_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_cancelled_entry_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            name=op.f("fk_cancelled_entry_host_id_conference_id_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancelled_entry")),
        sa.UniqueConstraint("conference_id", "uid", name=op.f("uq_cancelled_entry_conference_id_uid")),
    )
    op.create_index(
        op.f("ix_cancelled_entry_registration_id"), "cancelled_entry", ["registration_id"], unique=False
    )
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "photo_documentation",
                "photo_press",
                "photo_website",
                "newsletter",
                "contact_later",
                name="consentpurpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_consent_text_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "conference_id", "purpose", "version", name=op.f("uq_consent_text_conference_id_purpose_version")
        ),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_consent_text_host_id_conference_id_id")
        ),
    )
    with op.batch_alter_table("consent_text", schema=None) as batch_op:
        batch_op.create_index(
            "uq_consent_text_conference_id_purpose_current",
            ["conference_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "registration_confirmed",
                "groups_changed",
                "moved_up",
                "registration_cancelled",
                "staff_invitation",
                "accessibility_feedback",
                "waitlisted",
                "offer",
                "offer_lapsed",
                "groups_assigned",
                "need_answered",
                "reminder",
                "schedule_changed",
                "conference_postponed",
                "conference_cancelled",
                "thanks",
                "results_out",
                "institution_invitation",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "released",
                "discarded",
                name="mailingstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL)", name=op.f("ck_mailing_release_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["staff_member.id"],
            name=op.f("fk_mailing_created_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_mailing_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"],
            ["staff_member.id"],
            name=op.f("fk_mailing_released_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_mailing_host_id_conference_id_id")
        ),
    )
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mailing_conference_id_created_at", ["conference_id", "created_at"], unique=False
        )

    op.create_table(
        "message_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "registration_confirmed",
                "groups_changed",
                "moved_up",
                "registration_cancelled",
                "staff_invitation",
                "accessibility_feedback",
                "waitlisted",
                "offer",
                "offer_lapsed",
                "groups_assigned",
                "need_answered",
                "reminder",
                "schedule_changed",
                "conference_postponed",
                "conference_cancelled",
                "thanks",
                "results_out",
                "institution_invitation",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_message_text_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_text")),
        sa.UniqueConstraint(
            "conference_id", "kind", "language", name=op.f("uq_message_text_conference_id_kind_language")
        ),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multi",
                "text",
                "long_text",
                "number",
                "ranking",
                "social_space",
                name="questionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("help", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("shown_if_id", sa.Integer(), nullable=True),
        sa.Column("shown_if_options", sa.JSON(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("most >= least", name=op.f("ck_question_most_not_below_least")),
        sa.CheckConstraint("retention_days >= 0", name=op.f("ck_question_retention_not_negative")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "shown_if_id"],
            ["question.host_id", "question.conference_id", "question.id"],
            name=op.f("fk_question_host_id_conference_id_shown_if_id_question"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_question_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("conference_id", "key", name=op.f("uq_question_conference_id_key")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_question_host_id_conference_id_id")
        ),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(
            "ix_question_conference_id_position", ["conference_id", "position"], unique=False
        )

    op.create_table(
        "registration_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_registration_import_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"],
            ["staff_member.id"],
            name=op.f("fk_registration_import_uploaded_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_import")),
    )
    with op.batch_alter_table("registration_import", schema=None) as batch_op:
        batch_op.create_index(
            "ix_registration_import_conference_id_uploaded_at", ["conference_id", "uploaded_at"], unique=False
        )

    op.create_table(
        "support_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "interpreting",
                "sign_language",
                "speech_to_text",
                "induction_loop",
                "wheelchair",
                "assistance",
                "childcare",
                "diet",
                "transport",
                "large_print",
                "quiet_room",
                "other",
                name="needkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("order_by", sa.Date(), nullable=True),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_support_offer_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_offer")),
        sa.UniqueConstraint("conference_id", "kind", name=op.f("uq_support_offer_conference_id_kind")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "question_id"],
            ["question.host_id", "question.conference_id", "question.id"],
            name=op.f("fk_answer_host_id_conference_id_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            name=op.f("fk_answer_host_id_conference_id_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "registration_id", "question_id", name=op.f("uq_answer_registration_id_question_id")
        ),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index("ix_answer_question_id", ["question_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("consent_text_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "web",
                "paper",
                "oral",
                name="consentmethod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "consent_text_id"],
            ["consent_text.host_id", "consent_text.conference_id", "consent_text.id"],
            name=op.f("fk_consent_host_id_conference_id_consent_text_id_consent_text"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            name=op.f("fk_consent_host_id_conference_id_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["staff_member.id"],
            name=op.f("fk_consent_noted_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_consent_text_id", ["consent_text_id"], unique=False)
        batch_op.create_index("ix_consent_registration_id", ["registration_id"], unique=False)

    op.create_table(
        "institution_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("link_nonce", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "invited",
                "accepted",
                "declined",
                name="invitationstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("most > 0", name=op.f("ck_institution_invitation_most_positive")),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["staff_member.id"],
            name=op.f("fk_institution_invitation_created_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            name=op.f("fk_institution_invitation_host_id_conference_id_registration_id_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_institution_invitation_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_invitation")),
        sa.UniqueConstraint(
            "conference_id", "organisation", name=op.f("uq_institution_invitation_conference_id_organisation")
        ),
        sa.UniqueConstraint("registration_id", name=op.f("uq_institution_invitation_registration_id")),
    )
    with op.batch_alter_table("institution_invitation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_institution_invitation_conference_id_state", ["conference_id", "state"], unique=False
        )

    op.create_table(
        "registration_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "registered",
                "changed",
                "groups_changed",
                "waitlisted",
                "moved_up",
                "offered",
                "called",
                "written",
                "accepted",
                "declined",
                "lapsed",
                "returned",
                "allocated",
                "overridden",
                "consent_given",
                "consent_withdrawn",
                "code_renewed",
                "cancelled",
                "attended",
                "no_show",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'overridden' OR reason <> ''", name=op.f("ck_registration_event_override_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["staff_member.id"],
            name=op.f("fk_registration_event_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            name=op.f("fk_registration_event_host_id_conference_id_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_event")),
    )
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_registration_event_registration_id_at", ["registration_id", "at"], unique=False
        )

    op.create_table(
        "allocation_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("group_round_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("wants_together", sa.Boolean(), nullable=False),
        sa.Column("is_adjusted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "allocation_id"],
            ["allocation.host_id", "allocation.conference_id", "allocation.id"],
            name=op.f("fk_allocation_place_host_id_conference_id_allocation_id_allocation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "group_round_id", "round_number"],
            ["group_round.host_id", "group_round.conference_id", "group_round.id", "group_round.number"],
            name=op.f("fk_allocation_place_host_id_conference_id_group_round_id_round_number_group_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            name=op.f("fk_allocation_place_host_id_conference_id_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_place")),
        sa.UniqueConstraint(
            "allocation_id",
            "participant_id",
            "round_number",
            name=op.f("uq_allocation_place_allocation_id_participant_id_round_number"),
        ),
    )
    with op.batch_alter_table("allocation_place", schema=None) as batch_op:
        batch_op.create_index("ix_allocation_place_group_round_id", ["group_round_id"], unique=False)
        batch_op.create_index("ix_allocation_place_participant_id", ["participant_id"], unique=False)

    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("group_round_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff_member.id"], name=op.f("fk_check_in_by_id_staff_member"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_round_id"],
            ["group_round.id"],
            name=op.f("fk_check_in_group_round_id_group_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            name=op.f("fk_check_in_host_id_conference_id_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint(
            "participant_id", "group_round_id", name=op.f("uq_check_in_participant_id_group_round_id")
        ),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(
            "ix_check_in_conference_id_group_round_id", ["conference_id", "group_round_id"], unique=False
        )
        batch_op.create_index(
            "uq_check_in_participant_id_door",
            ["participant_id"],
            unique=True,
            sqlite_where=sa.text("group_round_id IS NULL"),
            postgresql_where=sa.text("group_round_id IS NULL"),
        )

    op.create_table(
        "support_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "arranged",
                "not_possible",
                name="needstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            name=op.f("fk_support_need_host_id_conference_id_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_need")),
    )
    with op.batch_alter_table("support_need", schema=None) as batch_op:
        batch_op.create_index("ix_support_need_conference_id", ["conference_id"], unique=False)
        batch_op.create_index("ix_support_need_participant_id", ["participant_id"], unique=False)

    op.create_table(
        "wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("group_round_id", sa.Integer(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank >= 1 AND rank <= 3", name=op.f("ck_wish_rank_of_three")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "group_round_id", "round_number"],
            ["group_round.host_id", "group_round.conference_id", "group_round.id", "group_round.number"],
            name=op.f("fk_wish_host_id_conference_id_group_round_id_round_number_group_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            name=op.f("fk_wish_host_id_conference_id_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint(
            "participant_id", "group_round_id", name=op.f("uq_wish_participant_id_group_round_id")
        ),
        sa.UniqueConstraint(
            "participant_id", "round_number", "rank", name=op.f("uq_wish_participant_id_round_number_rank")
        ),
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index("ix_wish_conference_id", ["conference_id"], unique=False)
        batch_op.create_index("ix_wish_group_round_id", ["group_round_id"], unique=False)

    for name in ("agenda_item", "working_group"):
        _mark(name)
    _add(
        "conference",
        [
            (sa.Column("form_version", sa.Integer(), nullable=False), "1"),
            (sa.Column("walk_ins_taken", sa.Integer(), nullable=False), "0"),
            (sa.Column("reserved_open", sa.Integer(), nullable=False), "0"),
            (sa.Column("has_queue", sa.Boolean(), nullable=False), sa.true()),
            (sa.Column("waiting", sa.Integer(), nullable=False), "0"),
            (sa.Column("last_ticket", sa.Integer(), nullable=False), "0"),
            (sa.Column("makes_offers", sa.Boolean(), nullable=False), sa.false()),
            (sa.Column("offer_hours", sa.Integer(), nullable=False), "48"),
            (sa.Column("calendar_changed_at", sa.DateTime(), nullable=True), None),
            (sa.Column("group_choice", sa.String(length=32), nullable=False), "direct"),
        ],
    )
    with op.batch_alter_table("conference") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_conference_counts_not_negative"),
            "walk_ins_taken >= 0 AND waiting >= 0 AND reserved_open >= 0",
        )
        batch_op.create_check_constraint(op.f("ck_conference_offer_hours_positive"), "offer_hours > 0")
        batch_op.create_check_constraint(
            op.f("ck_conference_groupchoice"), "group_choice IN ('direct', 'wishes')"
        )
    _add(
        "message",
        [
            (sa.Column("mailing_id", sa.Integer(), nullable=True), None),
            (sa.Column("way", sa.String(length=32), nullable=False), "email"),
        ],
    )
    with op.batch_alter_table("message") as batch_op:
        batch_op.create_check_constraint(op.f("ck_message_messageway"), "way IN ('email', 'letter', 'call')")
        batch_op.drop_constraint(op.f("ck_message_messagekind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_message_messagekind"), _one_of("kind", _MESSAGES + _NEW_MESSAGES)
        )
        batch_op.drop_constraint(op.f("ck_message_messagestate"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_message_messagestate"), _one_of("state", (*_MESSAGE_STATES, "needless"))
        )
        batch_op.create_index("ix_message_mailing_id", ["mailing_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_message_host_id_conference_id_mailing_id_mailing"),
            "mailing",
            ["host_id", "conference_id", "mailing_id"],
            ["host_id", "conference_id", "id"],
        )
    _add(
        "participant",
        [
            (sa.Column("name", sa.String(length=120), nullable=False), ""),
            (sa.Column("age", sa.Integer(), nullable=True), None),
        ],
    )
    with op.batch_alter_table("participant") as batch_op:
        batch_op.create_check_constraint(op.f("ck_participant_age_of_a_child"), "age >= 0 AND age <= 17")
        batch_op.create_check_constraint(
            op.f("ck_participant_children_have_no_name"), "age IS NULL OR name = ''"
        )
    _add(
        "registration",
        [
            (sa.Column("ticket", sa.Integer(), nullable=True), None),
            (sa.Column("offered_at", sa.DateTime(), nullable=True), None),
            (sa.Column("offer_expires_at", sa.DateTime(), nullable=True), None),
            (sa.Column("wants_together", sa.Boolean(), nullable=False), sa.false()),
            (sa.Column("calendar_sequence", sa.Integer(), nullable=False), "0"),
        ],
    )
    with op.batch_alter_table("registration") as batch_op:
        batch_op.drop_constraint(op.f("ck_registration_registrationstatus"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_registration_registrationstatus"), _one_of("status", _STATUSES_NOW)
        )
        batch_op.drop_constraint(op.f("ck_registration_registrationchannel"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_registration_registrationchannel"), _one_of("channel", _CHANNELS_NOW)
        )
        batch_op.create_check_constraint(
            op.f("ck_registration_queue_has_ticket"),
            "status NOT IN ('waitlisted', 'offered') OR ticket IS NOT NULL",
        )
        batch_op.create_check_constraint(
            op.f("ck_registration_offer_has_start"), "(status = 'offered') = (offered_at IS NOT NULL)"
        )
        batch_op.create_index(
            "ix_registration_conference_id_status_ticket", ["conference_id", "status", "ticket"], unique=False
        )
        batch_op.create_unique_constraint(
            op.f("uq_registration_conference_id_ticket"), ["conference_id", "ticket"]
        )
    _add(
        "seat",
        [
            (sa.Column("offered_at", sa.DateTime(), nullable=True), None),
            (sa.Column("offer_expires_at", sa.DateTime(), nullable=True), None),
        ],
    )
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_constraint(op.f("ck_seat_seatstate"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_seat_seatstate"), _one_of("state", ("seated", "offered", "waiting", "released"))
        )
        batch_op.create_check_constraint(
            op.f("ck_seat_offer_has_start"), "(state = 'offered') = (offered_at IS NOT NULL)"
        )
        batch_op.drop_index("uq_seat_participant_id_round_number_live")
    for name, states in (("seated", "state = 'seated'"), ("queued", "state IN ('waiting', 'offered')")):
        op.create_index(
            f"uq_seat_participant_id_round_number_{name}",
            "seat",
            ["participant_id", "round_number"],
            unique=True,
            sqlite_where=sa.text(states),
            postgresql_where=sa.text(states),
        )
    op.create_index("ix_seat_participant_id", "seat", ["participant_id"])
    expires = sa.text("offer_expires_at IS NOT NULL")
    for table in ("registration", "seat"):
        op.create_index(
            f"ix_{table}_offer_expires_at",
            table,
            ["offer_expires_at"],
            sqlite_where=expires,
            postgresql_where=expires,
        )
    with op.batch_alter_table("role_assignment") as batch_op:
        batch_op.drop_constraint(op.f("ck_role_assignment_staffrole"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_role_assignment_staffrole"), _one_of("role", (*_ROLES, "helper"))
        )


def downgrade() -> None:
    # What the step before does not know ends as what comes nearest to it.
    op.execute("DELETE FROM role_assignment WHERE role = 'helper'")
    message = sa.table("message", sa.column("way", sa.String), sa.column("kind", sa.String))
    op.execute(message.delete().where((message.c.way != "email") | message.c.kind.in_(_NEW_MESSAGES)))
    op.execute("UPDATE message SET state = 'failed' WHERE state = 'needless'")
    op.execute(
        "UPDATE registration SET status = 'cancelled', cancelled_at = changed_at "
        "WHERE status IN ('waitlisted', 'offered', 'lapsed')"
    )
    op.execute("UPDATE registration SET channel = 'paper' WHERE channel = 'table'")
    op.execute("UPDATE seat SET state = 'released' WHERE state = 'offered'")
    with op.batch_alter_table("role_assignment") as batch_op:
        batch_op.drop_constraint(op.f("ck_role_assignment_staffrole"), type_="check")
        batch_op.create_check_constraint(op.f("ck_role_assignment_staffrole"), _one_of("role", _ROLES))
    op.drop_index("uq_seat_participant_id_round_number_seated", table_name="seat")
    op.drop_index("uq_seat_participant_id_round_number_queued", table_name="seat")
    op.drop_index("ix_seat_participant_id", table_name="seat")
    op.drop_index("ix_seat_offer_expires_at", table_name="seat")
    op.drop_index("ix_registration_offer_expires_at", table_name="registration")
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_constraint(op.f("ck_seat_offer_has_start"), type_="check")
        batch_op.drop_constraint(op.f("ck_seat_seatstate"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_seat_seatstate"), _one_of("state", ("seated", "waiting", "released"))
        )
        batch_op.drop_column("offer_expires_at")
        batch_op.drop_column("offered_at")
    op.create_index(
        "uq_seat_participant_id_round_number_live",
        "seat",
        ["participant_id", "round_number"],
        unique=True,
        sqlite_where=sa.text("state <> 'released'"),
        postgresql_where=sa.text("state <> 'released'"),
    )
    with op.batch_alter_table("registration") as batch_op:
        batch_op.drop_constraint(op.f("uq_registration_conference_id_ticket"), type_="unique")
        batch_op.drop_index("ix_registration_conference_id_status_ticket")
        batch_op.drop_constraint(op.f("ck_registration_offer_has_start"), type_="check")
        batch_op.drop_constraint(op.f("ck_registration_queue_has_ticket"), type_="check")
        batch_op.drop_constraint(op.f("ck_registration_registrationstatus"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_registration_registrationstatus"), _one_of("status", _STATUSES)
        )
        batch_op.drop_constraint(op.f("ck_registration_registrationchannel"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_registration_registrationchannel"), _one_of("channel", _CHANNELS)
        )
        for name in ("calendar_sequence", "wants_together", "offer_expires_at", "offered_at", "ticket"):
            batch_op.drop_column(name)
    with op.batch_alter_table("participant") as batch_op:
        batch_op.drop_constraint(op.f("ck_participant_children_have_no_name"), type_="check")
        batch_op.drop_constraint(op.f("ck_participant_age_of_a_child"), type_="check")
        batch_op.drop_column("age")
        batch_op.drop_column("name")
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_message_host_id_conference_id_mailing_id_mailing"), type_="foreignkey"
        )
        batch_op.drop_index("ix_message_mailing_id")
        batch_op.drop_constraint(op.f("ck_message_messagekind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_message_messagekind"), _one_of("kind", _MESSAGES))
        batch_op.drop_constraint(op.f("ck_message_messagestate"), type_="check")
        batch_op.create_check_constraint(op.f("ck_message_messagestate"), _one_of("state", _MESSAGE_STATES))
        batch_op.drop_constraint(op.f("ck_message_messageway"), type_="check")
        batch_op.drop_column("way")
        batch_op.drop_column("mailing_id")
    with op.batch_alter_table("conference") as batch_op:
        batch_op.drop_constraint(op.f("ck_conference_groupchoice"), type_="check")
        batch_op.drop_constraint(op.f("ck_conference_offer_hours_positive"), type_="check")
        batch_op.drop_constraint(op.f("ck_conference_counts_not_negative"), type_="check")
        for name in (
            "calendar_changed_at",
            "group_choice",
            "offer_hours",
            "makes_offers",
            "last_ticket",
            "waiting",
            "has_queue",
            "reserved_open",
            "walk_ins_taken",
            "form_version",
        ):
            batch_op.drop_column(name)
    for name in ("working_group", "agenda_item"):
        with op.batch_alter_table(name) as batch_op:
            batch_op.drop_column("calendar_mark")

    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.drop_index("ix_wish_group_round_id")
        batch_op.drop_index("ix_wish_conference_id")

    op.drop_table("wish")
    with op.batch_alter_table("support_need", schema=None) as batch_op:
        batch_op.drop_index("ix_support_need_participant_id")
        batch_op.drop_index("ix_support_need_conference_id")

    op.drop_table("support_need")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_check_in_participant_id_door",
            sqlite_where=sa.text("group_round_id IS NULL"),
            postgresql_where=sa.text("group_round_id IS NULL"),
        )
        batch_op.drop_index("ix_check_in_conference_id_group_round_id")

    op.drop_table("check_in")
    with op.batch_alter_table("allocation_place", schema=None) as batch_op:
        batch_op.drop_index("ix_allocation_place_participant_id")
        batch_op.drop_index("ix_allocation_place_group_round_id")

    op.drop_table("allocation_place")
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_event_registration_id_at")

    op.drop_table("registration_event")
    with op.batch_alter_table("institution_invitation", schema=None) as batch_op:
        batch_op.drop_index("ix_institution_invitation_conference_id_state")

    op.drop_table("institution_invitation")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_registration_id")
        batch_op.drop_index("ix_consent_consent_text_id")

    op.drop_table("consent")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_question_id")

    op.drop_table("answer")
    op.drop_table("support_offer")
    with op.batch_alter_table("registration_import", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_import_conference_id_uploaded_at")

    op.drop_table("registration_import")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("ix_question_conference_id_position")

    op.drop_table("question")
    op.drop_table("message_text")
    with op.batch_alter_table("mailing", schema=None) as batch_op:
        batch_op.drop_index("ix_mailing_conference_id_created_at")

    op.drop_table("mailing")
    with op.batch_alter_table("consent_text", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_text_conference_id_purpose_current",
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.drop_table("consent_text")
    op.drop_table("cancelled_entry")
    op.drop_table("audience_quota")
    op.drop_table("allocation")
    with op.batch_alter_table("retention_run", schema=None) as batch_op:
        batch_op.drop_index("ix_retention_run_host_id_at")

    op.drop_table("retention_run")
