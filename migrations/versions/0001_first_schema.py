"""first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "municipality",
                "district",
                "state_body",
                name="hostkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("represented_by", sa.String(length=300), nullable=False),
        sa.Column("responsible_role", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("phone_hours", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("vat_id", sa.String(length=30), nullable=False),
        sa.Column("supervisory_authority", sa.String(length=300), nullable=False),
        sa.Column("dpo_contact", sa.Text(), nullable=False),
        sa.Column("accessibility_contact", sa.Text(), nullable=False),
        sa.Column("accessibility_gaps", sa.Text(), nullable=False),
        sa.Column("accessibility_reviewed_on", sa.Date(), nullable=True),
        sa.Column("welcome", sa.JSON(), nullable=False),
        sa.Column("accent_colour", sa.String(length=7), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(accent_colour) = 7", name=op.f("ck_host_accent_colour")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host")),
        sa.UniqueConstraint("key", name=op.f("uq_host_key")),
    )
    op.create_table(
        "staff_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_stamp", sa.String(length=32), nullable=False),
        sa.Column("invitation_digest", sa.String(length=64), nullable=True),
        sa.Column("invitation_expires_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_member_email")),
        sa.UniqueConstraint("invitation_digest", name=op.f("uq_staff_member_invitation_digest")),
    )
    op.create_table(
        "accessibility_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("submission_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id"], ["host.id"], name=op.f("fk_accessibility_feedback_host_id_host")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_feedback")),
        sa.UniqueConstraint("submission_digest", name=op.f("uq_accessibility_feedback_submission_digest")),
    )
    with op.batch_alter_table("accessibility_feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accessibility_feedback_host_id"), ["host_id"], unique=False)

    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_member_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "instance_admin",
                "host_admin",
                "organizer",
                name="staffrole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_role_assignment_host_id_host")),
        sa.ForeignKeyConstraint(
            ["staff_member_id"],
            ["staff_member.id"],
            name=op.f("fk_role_assignment_staff_member_id_staff_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
        sa.UniqueConstraint(
            "staff_member_id", "host_id", "role", name=op.f("uq_role_assignment_staff_member_id_host_id_role")
        ),
    )
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_assignment_host_id"), ["host_id"], unique=False)
        batch_op.create_index("ix_role_assignment_staff_member_id", ["staff_member_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_stored_file_host_id_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("host_id", "id", name=op.f("uq_stored_file_host_id_id")),
        sa.UniqueConstraint("host_id", "sha256", name=op.f("uq_stored_file_host_id_sha256")),
    )
    op.create_table(
        "venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("directions", sa.JSON(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=True),
        sa.Column("accessible_wc", sa.Boolean(), nullable=True),
        sa.Column("induction_loop", sa.Boolean(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_venue_seats_not_negative")),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_venue_host_id_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("host_id", "id", name=op.f("uq_venue_host_id_id")),
        sa.UniqueConstraint("host_id", "name", name=op.f("uq_venue_host_id_name")),
    )
    op.create_table(
        "conference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "social_space_conference",
                "city_conference",
                "district_conference",
                "expert_dialogue",
                "network_meeting",
                name="conferencekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("kind_label", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "announced",
                "registration_open",
                "registration_closed",
                "running",
                "in_documentation",
                "in_correction",
                "published",
                "archived",
                "postponed",
                "cancelled",
                name="conferencestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("motto", sa.JSON(), nullable=False),
        sa.Column("teaser", sa.JSON(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("costs", sa.JSON(), nullable=False),
        sa.Column("children", sa.JSON(), nullable=False),
        sa.Column("language_help", sa.JSON(), nullable=False),
        sa.Column("afterwards", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("registration_opens_at", sa.DateTime(), nullable=True),
        sa.Column("registration_closes_at", sa.DateTime(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("walk_in_quota", sa.Integer(), nullable=False),
        sa.Column("places_taken", sa.Integer(), nullable=False),
        sa.Column("contact_role", sa.String(length=200), nullable=False),
        sa.Column("contact_phone", sa.String(length=60), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_hours", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "capacity IS NULL OR places_taken <= capacity", name=op.f("ck_conference_never_overbooked")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_conference_ends_after_start")),
        sa.CheckConstraint("places_taken >= 0", name=op.f("ck_conference_places_not_negative")),
        sa.CheckConstraint(
            "walk_in_quota >= 0 AND (capacity IS NULL OR walk_in_quota <= capacity)",
            name=op.f("ck_conference_walk_in_quota"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "venue_id"],
            ["venue.host_id", "venue.id"],
            name=op.f("fk_conference_host_id_venue_id_venue"),
        ),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_conference_host_id_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference")),
        sa.UniqueConstraint("host_id", "id", name=op.f("uq_conference_host_id_id")),
        sa.UniqueConstraint("host_id", "key", name=op.f("uq_conference_host_id_key")),
    )
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.create_index("ix_conference_host_id_starts_at", ["host_id", "starts_at"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "venue_id"],
            ["venue.host_id", "venue.id"],
            name=op.f("fk_room_host_id_venue_id_venue"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("host_id", "id", name=op.f("uq_room_host_id_id")),
        sa.UniqueConstraint("venue_id", "name", name=op.f("uq_room_venue_id_name")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "arrival",
                "welcome",
                "input",
                "review",
                "plenary",
                "group_round",
                "break",
                "dot_vote",
                "gallery_walk",
                "fishbowl",
                "podium",
                "market",
                "closing",
                "other",
                name="agendakind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("speaker_role", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'group_round') = (round_number IS NOT NULL)", name=op.f("ck_agenda_item_round_of_groups")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_agenda_item_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_agenda_item_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "room_id"],
            ["room.host_id", "room.id"],
            name=op.f("fk_agenda_item_host_id_room_id_room"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint(
            "conference_id", "round_number", name=op.f("uq_agenda_item_conference_id_round_number")
        ),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_agenda_item_host_id_conference_id_id")
        ),
    )
    op.create_table(
        "import_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_import_record_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_record")),
    )
    with op.batch_alter_table("import_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_import_record_conference_id_imported_at", ["conference_id", "imported_at"], unique=False
        )

    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "confirmed",
                "cancelled",
                "attended",
                "no_show",
                name="registrationstatus",
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
                "phone",
                "paper",
                "walk_in",
                name="registrationchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "contact_channel",
            sa.Enum(
                "email",
                "phone",
                "post",
                "none",
                name="contactchannel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("submission_digest", sa.String(length=64), nullable=True),
        sa.Column("link_nonce", sa.String(length=32), nullable=False),
        sa.Column("notice_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(contact_channel = 'none') = (contact = '')",
            name=op.f("ck_registration_contact_matches_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["staff_member.id"],
            name=op.f("fk_registration_created_by_id_staff_member"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_registration_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_registration_code_digest")),
        sa.UniqueConstraint("conference_id", "key", name=op.f("uq_registration_conference_id_key")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_registration_host_id_conference_id_id")
        ),
        sa.UniqueConstraint("submission_digest", name=op.f("uq_registration_submission_digest")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(
            "ix_registration_conference_id_created_at", ["conference_id", "created_at"], unique=False
        )

    op.create_table(
        "working_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("facilitator_role", sa.JSON(), nullable=False),
        sa.Column("interpreter_languages", sa.JSON(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_working_group_number_positive")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_working_group_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "room_id"],
            ["room.host_id", "room.id"],
            name=op.f("fk_working_group_host_id_room_id_room"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_group")),
        sa.UniqueConstraint("conference_id", "key", name=op.f("uq_working_group_conference_id_key")),
        sa.UniqueConstraint("conference_id", "number", name=op.f("uq_working_group_conference_id_number")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_working_group_host_id_conference_id_id")
        ),
    )
    op.create_table(
        "group_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("working_group_id", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("last_ticket", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_group_round_capacity_not_negative")),
        sa.CheckConstraint("number > 0", name=op.f("ck_group_round_number_positive")),
        sa.CheckConstraint(
            "seats_taken >= 0 AND seats_taken <= capacity", name=op.f("ck_group_round_never_overbooked")
        ),
        sa.CheckConstraint("waiting >= 0", name=op.f("ck_group_round_waiting_not_negative")),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "agenda_item_id"],
            ["agenda_item.host_id", "agenda_item.conference_id", "agenda_item.id"],
            name=op.f("fk_group_round_host_id_conference_id_agenda_item_id_agenda_item"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "working_group_id"],
            ["working_group.host_id", "working_group.conference_id", "working_group.id"],
            name=op.f("fk_group_round_host_id_conference_id_working_group_id_working_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_round")),
        sa.UniqueConstraint(
            "host_id",
            "conference_id",
            "id",
            "number",
            name=op.f("uq_group_round_host_id_conference_id_id_number"),
        ),
        sa.UniqueConstraint(
            "working_group_id", "number", name=op.f("uq_group_round_working_group_id_number")
        ),
    )
    with op.batch_alter_table("group_round", schema=None) as batch_op:
        batch_op.create_index("ix_group_round_conference_id", ["conference_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("conference_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "registration_confirmed",
                "groups_changed",
                "moved_up",
                "registration_cancelled",
                "staff_invitation",
                "accessibility_feedback",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "unknown",
                name="messagestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=False),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            name=op.f("fk_message_host_id_conference_id_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id"],
            ["conference.host_id", "conference.id"],
            name=op.f("fk_message_host_id_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_message_host_id_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_message_idempotency_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_conference_id_created_at", ["conference_id", "created_at"], unique=False
        )
        batch_op.create_index("ix_message_registration_id", ["registration_id"], unique=False)
        batch_op.create_index("ix_message_state_next_attempt_at", ["state", "next_attempt_at"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "registration_id"],
            ["registration.host_id", "registration.conference_id", "registration.id"],
            name=op.f("fk_participant_host_id_conference_id_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint(
            "host_id", "conference_id", "id", name=op.f("uq_participant_host_id_conference_id_id")
        ),
        sa.UniqueConstraint(
            "registration_id", "position", name=op.f("uq_participant_registration_id_position")
        ),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("group_round_id", sa.Integer(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "seated",
                "waiting",
                "released",
                name="seatstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "group_round_id", "round_number"],
            ["group_round.host_id", "group_round.conference_id", "group_round.id", "group_round.number"],
            name=op.f("fk_seat_host_id_conference_id_group_round_id_round_number_group_round"),
        ),
        sa.ForeignKeyConstraint(
            ["host_id", "conference_id", "participant_id"],
            ["participant.host_id", "participant.conference_id", "participant.id"],
            name=op.f("fk_seat_host_id_conference_id_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint(
            "group_round_id", "participant_id", name=op.f("uq_seat_group_round_id_participant_id")
        ),
        sa.UniqueConstraint("group_round_id", "ticket", name=op.f("uq_seat_group_round_id_ticket")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(
            "ix_seat_group_round_id_state_ticket", ["group_round_id", "state", "ticket"], unique=False
        )
        batch_op.create_index(
            "uq_seat_participant_id_round_number_live",
            ["participant_id", "round_number"],
            unique=True,
            sqlite_where=sa.text("state <> 'released'"),
            postgresql_where=sa.text("state <> 'released'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_seat_participant_id_round_number_live",
            sqlite_where=sa.text("state <> 'released'"),
            postgresql_where=sa.text("state <> 'released'"),
        )
        batch_op.drop_index("ix_seat_group_round_id_state_ticket")

    op.drop_table("seat")
    op.drop_table("participant")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_state_next_attempt_at")
        batch_op.drop_index("ix_message_registration_id")
        batch_op.drop_index("ix_message_conference_id_created_at")

    op.drop_table("message")
    with op.batch_alter_table("group_round", schema=None) as batch_op:
        batch_op.drop_index("ix_group_round_conference_id")

    op.drop_table("group_round")
    op.drop_table("working_group")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_conference_id_created_at")

    op.drop_table("registration")
    with op.batch_alter_table("import_record", schema=None) as batch_op:
        batch_op.drop_index("ix_import_record_conference_id_imported_at")

    op.drop_table("import_record")
    op.drop_table("agenda_item")
    op.drop_table("room")
    with op.batch_alter_table("conference", schema=None) as batch_op:
        batch_op.drop_index("ix_conference_host_id_starts_at")

    op.drop_table("conference")
    op.drop_table("venue")
    op.drop_table("stored_file")
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_role_assignment_staff_member_id")
        batch_op.drop_index(batch_op.f("ix_role_assignment_host_id"))

    op.drop_table("role_assignment")
    with op.batch_alter_table("accessibility_feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accessibility_feedback_host_id"))

    op.drop_table("accessibility_feedback")
    op.drop_table("staff_member")
    op.drop_table("host")
