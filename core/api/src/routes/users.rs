//! Users, roles, tokens; who asks.

use crate::state::Api;
use crate::{Answer, ApiError, Cx};
use axum::Json;
use axum::extract::{Path, Query};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use zhengai_model::fault::Fault;
use zhengai_model::rights::{Reach, Reaches, Right, Role, Roles, Scope};
use zhengai_model::text::Message;
use zhengai_service::users::RoleOrder;
use zhengai_service::{TokenRecord, UserRecord, UserState};
use zhengai_wire::users::{
    HeldRole, Labelled, Me, MyRole, NewToken, RoleScope, ScopeShown, Token, TokenOrder, TokenQuery, User, UserChange,
    UserOrder,
};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(me))
        .routes(routes!(roles))
        .routes(routes!(list, add))
        .routes(routes!(show, change))
        .routes(routes!(grant, withdraw))
        .routes(routes!(tokens, create_token))
        .routes(routes!(revoke_token))
}

/// Who asks, with rights and scope as they are now.
#[utoipa::path(get, path = "/v1/me", tag = "users", operation_id = "users_me", responses((status = 200, body = Me)))]
async fn me(cx: Cx) -> Answer<Me> {
    let college = cx.read().await?;
    let roles = college.roles();
    let purposes = roles.purposes().filter(|purpose| {
        let of_role = |grant: &zhengai_model::rights::Grant| {
            grant.rights.contains(&Right::ReadPersonal) && grant.purposes.hold(&purpose.id)
        };
        cx.actor.grants.iter().any(of_role)
    });
    Ok(Json(Me {
        name: cx.actor.name.clone(),
        role: cx.actor.role.clone(),
        person: cx.actor.person.as_ref().map(ToString::to_string),
        rights: Right::ALL.into_iter().filter(|right| cx.actor.may(*right)).map(|right| labelled(&cx, right)).collect(),
        roles: cx
            .actor
            .grants
            .iter()
            .map(|grant| MyRole {
                id: grant.role.clone(),
                name: role_name(&cx, roles, &grant.role),
                scope: scope(&grant.scope),
            })
            .collect(),
        purposes: purposes.map(|one| Labelled { id: one.id.clone(), name: cx.label(&one.names) }).collect(),
        purpose: cx.actor.purpose.clone(),
    }))
}

/// Roles that can be given.
#[utoipa::path(get, path = "/v1/roles", tag = "users", operation_id = "users_roles",
    responses((status = 200, body = Vec<zhengai_wire::users::Role>)))]
async fn roles(cx: Cx) -> Answer<Vec<zhengai_wire::users::Role>> {
    let college = cx.read().await?;
    let roles = college.roles();
    Ok(Json(roles.roles().map(|one| role(&cx, roles, one)).collect()))
}

/// Users, by name.
#[utoipa::path(get, path = "/v1/users", tag = "users", operation_id = "users_list",
    responses((status = 200, body = Vec<User>)))]
async fn list(cx: Cx) -> Answer<Vec<User>> {
    let college = cx.read().await?;
    Ok(Json(college.users().await?.into_iter().map(|one| user(&cx, college.roles(), one)).collect()))
}

/// One user.
#[utoipa::path(get, path = "/v1/users/{name}", tag = "users", operation_id = "users_show",
    params(("name" = String, Path, description = "Name of the user")), responses((status = 200, body = User)))]
async fn show(cx: Cx, Path(name): Path<String>) -> Answer<User> {
    let college = cx.read().await?;
    Ok(Json(user(&cx, college.roles(), college.user(&name).await?)))
}

/// Adds a user without roles.
#[utoipa::path(post, path = "/v1/users", tag = "users", operation_id = "users_add", request_body = UserOrder,
    responses((status = 200, body = User)))]
async fn add(cx: Cx, Json(order): Json<UserOrder>) -> Answer<User> {
    let college = cx.write().await?;
    let made = college.add_user(&order.name, order.label.as_deref(), order.person.as_deref()).await?;
    Ok(Json(user(&cx, college.roles(), made)))
}

/// Changes a user; lets it in or keeps it out.
#[utoipa::path(patch, path = "/v1/users/{name}", tag = "users", operation_id = "users_change",
    params(("name" = String, Path, description = "Name of the user")), request_body = UserChange,
    responses((status = 200, body = User)))]
async fn change(cx: Cx, Path(name): Path<String>, Json(change): Json<UserChange>) -> Answer<User> {
    let state = match change.state.as_deref() {
        None => None,
        Some("active") => Some(UserState::Active),
        Some("disabled") => Some(UserState::Disabled),
        Some(other) => {
            let message = Message::new("service-bad-argument").with("what", "user").with("value", other);
            return Err(ApiError::new(Fault::Invalid, message));
        }
    };
    let college = cx.write().await?;
    let mut changed = college.user(&name).await?;
    if change.label.is_some() || change.person.is_some() {
        changed = college.change_user(&name, change.label.as_deref(), change.person.as_deref()).await?;
    }
    if let Some(state) = state {
        changed = college.set_user(&name, state, change.why.as_deref()).await?;
    }
    Ok(Json(user(&cx, college.roles(), changed)))
}

/// Gives a role, or moves it to another scope.
#[utoipa::path(put, path = "/v1/users/{name}/roles/{role}", tag = "users", operation_id = "users_grant",
    params(("name" = String, Path, description = "Name of the user"), ("role" = String, Path, description = "Id of the role")),
    request_body = RoleScope, responses((status = 200, body = User)))]
async fn grant(cx: Cx, Path((name, role)): Path<(String, String)>, Json(scope): Json<RoleScope>) -> Answer<User> {
    let college = cx.write().await?;
    let order = RoleOrder { role, units: scope.units, layers: scope.layers };
    Ok(Json(user(&cx, college.roles(), college.grant_role(&name, &order).await?)))
}

/// Takes a role away.
#[utoipa::path(delete, path = "/v1/users/{name}/roles/{role}", tag = "users", operation_id = "users_withdraw",
    params(("name" = String, Path, description = "Name of the user"), ("role" = String, Path, description = "Id of the role")),
    responses((status = 200, body = User)))]
async fn withdraw(cx: Cx, Path((name, role)): Path<(String, String)>) -> Answer<User> {
    let college = cx.write().await?;
    Ok(Json(user(&cx, college.roles(), college.withdraw_role(&name, &role).await?)))
}

/// Tokens, newest first, without their texts.
#[utoipa::path(get, path = "/v1/tokens", tag = "users", operation_id = "users_tokens", params(TokenQuery),
    responses((status = 200, body = Vec<Token>)))]
async fn tokens(cx: Cx, Query(query): Query<TokenQuery>) -> Answer<Vec<Token>> {
    let college = cx.read().await?;
    let tokens = college.tokens(query.user.as_deref()).await?;
    Ok(Json(tokens.into_iter().map(|one| token(&cx, one)).collect()))
}

/// Makes a token. Its text is in this answer and nowhere else.
#[utoipa::path(post, path = "/v1/tokens", tag = "users", operation_id = "users_create_token", request_body = TokenOrder,
    responses((status = 200, body = NewToken)))]
async fn create_token(cx: Cx, Json(order): Json<TokenOrder>) -> Answer<NewToken> {
    let made = cx.write().await?.create_token(&order.user, &order.note, order.days).await?;
    Ok(Json(NewToken { token: token(&cx, made.record), secret: made.text }))
}

/// Ends a token for good.
#[utoipa::path(delete, path = "/v1/tokens/{id}", tag = "users", operation_id = "users_revoke_token",
    params(("id" = String, Path, description = "Id of the token")), responses((status = 200, body = Token)))]
async fn revoke_token(cx: Cx, Path(id): Path<String>) -> Answer<Token> {
    let revoked = cx.write().await?.revoke_token(&id, None).await?;
    Ok(Json(token(&cx, revoked)))
}

fn labelled(cx: &Cx, right: Right) -> Labelled {
    Labelled { id: right.to_string(), name: cx.say(&Message::new("right-name").with("right", right)) }
}

fn role_name(cx: &Cx, roles: &Roles, id: &str) -> String {
    roles.role(id).map_or_else(|| id.to_owned(), |role| cx.label(&role.names))
}

fn role(cx: &Cx, roles: &Roles, role: &Role) -> zhengai_wire::users::Role {
    let reach = match role.reach {
        Reaches::College => "college",
        Reaches::Units => "units",
        Reaches::Own => "own",
    };
    let purpose = |id: &String| Labelled {
        id: id.clone(),
        name: roles.purpose(id).map_or_else(|| id.clone(), |purpose| cx.label(&purpose.names)),
    };
    zhengai_wire::users::Role {
        id: role.id.clone(),
        name: cx.label(&role.names),
        about: cx.label(&role.about),
        reach: reach.to_owned(),
        layers: role.layers.iter().copied().collect(),
        rights: role.rights.iter().map(|right| labelled(cx, *right)).collect(),
        purposes: role.purposes.iter().map(purpose).collect(),
    }
}

fn scope(scope: &Scope) -> ScopeShown {
    let (reach, units) = match &scope.reach {
        Reach::College => ("college", Vec::new()),
        Reach::Units(units) => ("units", units.iter().map(ToString::to_string).collect()),
        Reach::Own => ("own", Vec::new()),
    };
    ScopeShown { layers: scope.layers.iter().copied().collect(), reach: reach.to_owned(), units }
}

fn user(cx: &Cx, roles: &Roles, record: UserRecord) -> User {
    let state = match record.state {
        UserState::Active => "active",
        UserState::Disabled => "disabled",
    };
    let held = |held: zhengai_service::HeldRole| HeldRole {
        name: role_name(cx, roles, &held.role),
        role: held.role,
        scope: scope(&held.scope),
        at: held.at,
        by: held.by,
    };
    User {
        name: record.user.name,
        label: record.user.label,
        person: record.user.person.map(|person| person.to_string()),
        state: state.to_owned(),
        roles: record.roles.into_iter().map(held).collect(),
        at: record.at,
        by: record.by,
        updated_at: record.updated_at,
    }
}

fn token(cx: &Cx, record: TokenRecord) -> Token {
    let state = match (record.revoked_at, record.is_good(cx.now())) {
        (Some(_), _) => "revoked",
        (None, true) => "good",
        (None, false) => "expired",
    };
    Token {
        id: record.id,
        user: record.user,
        note: record.note,
        state: state.to_owned(),
        at: record.at,
        by: record.by,
        expires_at: record.expires_at,
        last_used_at: record.last_used_at,
        revoked_at: record.revoked_at,
        revoked_by: record.revoked_by,
    }
}
