"""The first shape of the store."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

_SQLITE_TRIGGERS = [
    f"""
    create trigger audit_no_{verb} before {verb} on audit
    begin select raise(abort, 'the audit log is append-only'); end
    """
    for verb in ("update", "delete")
]
_POSTGRESQL_TRIGGERS = [
    """
    create function audit_is_append_only() returns trigger language plpgsql as $$
    begin
        raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
    end $$
    """,
    """
    create trigger audit_no_change before update or delete on audit
    for each row execute function audit_is_append_only()
    """,
    """
    create trigger audit_no_truncate before truncate on audit
    for each statement execute function audit_is_append_only()
    """,
]


def needed(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    """A column that is never empty."""
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    """Make every table, and keep the audit log from being rewritten."""
    people()
    links()
    auditing()
    counting()


def people() -> None:
    """Accounts, sessions, keys."""
    op.create_table(
        "users",
        needed("id", sa.String(36)),
        needed("email", sa.String(320)),
        needed("name", sa.String(200)),
        needed("role", sa.String(20)),
        sa.Column("password_hash", sa.Text()),
        needed("is_active", sa.Boolean()),
        sa.Column("email_verified_at", MOMENT),
        sa.Column("totp_secret", sa.Text()),
        sa.Column("totp_confirmed_at", MOMENT),
        sa.Column("totp_last_step", sa.BigInteger()),
        needed("language", sa.String(8)),
        needed("theme", sa.String(8)),
        sa.Column("customer_id", sa.String(200)),
        needed("created_at", MOMENT),
        needed("updated_at", MOMENT),
        sa.Column("last_login_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_index("ix_users_created_at_id", "users", ["created_at", "id"])
    op.create_index("ix_users_customer_id", "users", ["customer_id"])
    op.create_index("ix_users_role", "users", ["role"])
    op.create_table(
        "recovery_codes",
        needed("user_id", sa.String(36)),
        needed("code_hash", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_recovery_codes_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name="pk_recovery_codes"),
    )
    op.create_table(
        "sessions",
        needed("id", sa.String(36)),
        needed("user_id", sa.String(36)),
        needed("created_at", MOMENT),
        needed("last_used_at", MOMENT),
        needed("expires_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("revoked_because", sa.String(40)),
        sa.Column("address", sa.String(64)),
        sa.Column("agent", sa.String(300)),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_sessions_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "refresh_tokens",
        needed("token_hash", sa.String(64)),
        needed("session_id", sa.String(36)),
        needed("issued_at", MOMENT),
        needed("expires_at", MOMENT),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name="fk_refresh_tokens_session_id_sessions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_refresh_tokens"),
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"])
    op.create_table(
        "api_keys",
        needed("id", sa.String(36)),
        needed("user_id", sa.String(36)),
        needed("name", sa.String(100)),
        needed("prefix", sa.String(16)),
        needed("key_hash", sa.String(64)),
        needed("scopes", sa.JSON()),
        needed("created_at", MOMENT),
        sa.Column("expires_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("last_used_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_api_keys_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("prefix", name="uq_api_keys_prefix"),
    )
    op.create_index("ix_api_keys_user_id", "api_keys", ["user_id"])


def links() -> None:
    """Links that work once, and registrations that wait for theirs."""
    op.create_table(
        "one_time_tokens",
        needed("token_hash", sa.String(64)),
        needed("purpose", sa.String(20)),
        sa.Column("user_id", sa.String(36)),
        sa.Column("new_email", sa.String(320)),
        needed("created_at", MOMENT),
        needed("expires_at", MOMENT),
        sa.CheckConstraint(
            "purpose in ('reset', 'invite', 'setup', 'email-change', 'challenge')",
            name="ck_one_time_tokens_purpose",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_one_time_tokens_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_one_time_tokens"),
    )
    op.create_index("ix_one_time_tokens_expires_at", "one_time_tokens", ["expires_at"])
    op.create_index("ix_one_time_tokens_user_id_purpose", "one_time_tokens", ["user_id", "purpose"])
    op.create_table(
        "registrations",
        needed("id", sa.String(36)),
        needed("token_hash", sa.String(64)),
        needed("email", sa.String(320)),
        needed("name", sa.String(200)),
        needed("language", sa.String(8)),
        needed("password_hash", sa.Text()),
        needed("created_at", MOMENT),
        needed("expires_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
        sa.UniqueConstraint("token_hash", name="uq_registrations_token_hash"),
    )
    op.create_index("ix_registrations_email", "registrations", ["email"])
    op.create_index("ix_registrations_expires_at", "registrations", ["expires_at"])


def auditing() -> None:
    """The audit log."""
    op.create_table(
        "audit",
        needed("id", sa.BigInteger(), autoincrement=False),
        needed("at", MOMENT),
        sa.Column("actor_id", sa.String(36)),
        needed("action", sa.String(60)),
        sa.Column("object", sa.String(300)),
        needed("outcome", sa.String(20)),
        sa.Column("address", sa.String(64)),
        sa.Column("request_id", sa.String(64)),
        needed("detail", sa.Text()),
        needed("digest", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_action", "audit", ["action"])
    op.create_index("ix_audit_actor_id", "audit", ["actor_id"])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_table(
        "audit_head",
        needed("id", sa.Integer(), autoincrement=False),
        needed("length", sa.BigInteger()),
        needed("digest", sa.String(64)),
        sa.CheckConstraint("id = 1", name="ck_audit_head_single"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.execute("insert into audit_head (id, length, digest) values (1, 0, '')")
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_TRIGGERS if sqlite else _POSTGRESQL_TRIGGERS:
        op.execute(statement)


def counting() -> None:
    """Attempts, runs, measurements."""
    op.create_table(
        "attempts",
        needed("id", sa.String(36)),
        needed("bucket", sa.String(64)),
        needed("at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_at", "attempts", ["at"])
    op.create_index("ix_attempts_bucket_at", "attempts", ["bucket", "at"])
    op.create_table(
        "service_runs",
        needed("run_id", sa.String(64)),
        needed("status", sa.String(20)),
        sa.Column("requested_by", sa.String(36)),
        needed("request", sa.JSON()),
        needed("requested_at", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        needed("message", sa.Text()),
        needed("progress", sa.JSON()),
        sa.CheckConstraint(
            "status in ('queued', 'running', 'succeeded', 'failed', 'interrupted')",
            name="ck_service_runs_status",
        ),
        sa.PrimaryKeyConstraint("run_id", name="pk_service_runs"),
    )
    op.create_index("ix_service_runs_requested_at", "service_runs", ["requested_at"])
    op.create_index("ix_service_runs_status", "service_runs", ["status"])
    op.create_table(
        "web_vitals",
        needed("id", sa.Integer()),
        needed("name", sa.String(10)),
        needed("value", sa.Double()),
        needed("page", sa.String(200)),
        needed("rating", sa.String(20)),
        needed("at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_web_vitals"),
    )
    op.create_index("ix_web_vitals_at", "web_vitals", ["at"])
