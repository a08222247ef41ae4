// What the API takes and gives, made from its description by `npm run schema`.

export interface paths {
    "/api/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists apps */
        get: operations["get_apps"];
        put?: never;
        /** Makes an app */
        post: operations["post_apps"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells of an app */
        get: operations["get_apps_name"];
        put?: never;
        post?: never;
        /**
         * Deletes an app
         * @description With it go its keys and its users' sessions, runs and connections, and the tokens of their single sign-on, which are
         *     given back to the identity provider where it says how (RFC 7009). `If-Match` may be left out.
         */
        delete: operations["delete_apps_name"];
        options?: never;
        head?: never;
        /**
         * Changes an app
         * @description A list that is given takes the place of the one before. `If-Match` may be left out.
         */
        patch: operations["patch_apps_name"];
        trace?: never;
    };
    "/api/apps/{name}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the keys of an app */
        get: operations["get_apps_name_keys"];
        put?: never;
        /**
         * Makes a key for an app
         * @description An app has two at most: make the second, let everything use it, then remove the first.
         */
        post: operations["post_apps_name_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{name}/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a key of an app */
        delete: operations["delete_apps_name_keys_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{name}/sso": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells how an app's users are known by single sign-on */
        get: operations["get_apps_name_sso"];
        /**
         * Sets how an app's users are known by single sign-on
         * @description In the place of what was set before. `If-Match` may be left out.
         */
        put: operations["put_apps_name_sso"];
        post?: never;
        /**
         * Takes back how an app's users are known by single sign-on
         * @description `If-Match` may be left out.
         */
        delete: operations["delete_apps_name_sso"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{name}/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells what an app makes of each connector */
        get: operations["get_apps_name_uses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link to the managed auth screen
         * @description It works once, within 5 minutes.
         */
        post: operations["post_auth_links"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Checks a definition without saving it
         * @description By the checker of `stepgate check`, in each of its environments.
         */
        post: operations["post_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists connections
         * @description An app sees those of its users, a user their own; another's are not there.
         */
        get: operations["get_connections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells of a connection */
        get: operations["get_connections_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Names a connection */
        patch: operations["patch_connections_id"];
        trace?: never;
    };
    "/api/connections/{id}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forgets a connection
         * @description Nothing is sent: at the API the session goes on until it ends by itself.
         */
        post: operations["post_connections_id_clear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renews a connection now */
        post: operations["post_connections_id_renew"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/sign-in-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link by which a connection's user signs in again
         * @description It works once, within 5 minutes. Whoever opens it signs in for that user, so that it is for them alone.
         */
        post: operations["post_connections_id_sign_in_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs a connection out
         * @description Runs the logout flow, revokes the tokens where the connector says how, and forgets the connection in any case.
         */
        post: operations["post_connections_id_sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tests a connection
         * @description Sends the connector's test API with it, renewing the session where it is over.
         */
        post: operations["post_connections_id_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists connectors */
        get: operations["get_connectors"];
        put?: never;
        /** Makes a connector */
        post: operations["post_connectors"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connectors/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells of a connector
         * @description With `Accept: text/yaml` the definition alone, as it was written.
         */
        get: operations["get_connectors_name"];
        /**
         * Saves a connector
         * @description Each save is a version of its own. `If-Match` says which version was seen; it is left out to make a new one.
         */
        put: operations["put_connectors_name"];
        post?: never;
        /**
         * Deletes a connector
         * @description Its versions stay, and can be restored. `If-Match` says which version was seen.
         */
        delete: operations["delete_connectors_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connectors/{name}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the secrets of a connector, without their values */
        get: operations["get_connectors_name_secrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connectors/{name}/secrets/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets a secret of a connector */
        put: operations["put_connectors_name_secrets_secret"];
        post?: never;
        /** Removes a secret of a connector from the store */
        delete: operations["delete_connectors_name_secrets_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connectors/{name}/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tries an endpoint of a connector
         * @description A real call: with the connector's shared connection, or with your own where each user has one. Sign in to that by
         *     `POST /api/runs`.
         */
        post: operations["post_connectors_name_try"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connectors/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the versions of a connector */
        get: operations["get_connectors_name_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connectors/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells of one version
         * @description With `Accept: text/yaml` the definition alone, as it was written.
         */
        get: operations["get_connectors_name_versions_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connectors/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Brings a version back
         * @description As a new version of the same text. `If-Match` says which version was seen; it is left out where the connector was
         *     deleted.
         */
        post: operations["post_connectors_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/definition-schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells the JSON Schema of a definition
         * @description The one that `stepgate schema` prints. Every key, step kind and sign-in type has a description, for pickers and hover
         *     texts.
         */
        get: operations["get_definition_schema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Looks whether this installation is sound
         * @description Says what `stepgate doctor` says. Asks each connector's API for the header of its base URL, without a credential, each
         *     identity provider for its description, and its own address whether it is reached there.
         */
        get: operations["get_doctor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists your drafts */
        get: operations["get_drafts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/drafts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells a draft of yours */
        get: operations["get_drafts_name"];
        /**
         * Keeps a draft of yours
         * @description `If-Match` says which version was seen; it is left out to make a new one. Any text will do.
         */
        put: operations["put_drafts_name"];
        post?: never;
        /** Deletes a draft of yours */
        delete: operations["delete_drafts_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/examples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists example definitions */
        get: operations["get_examples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/first-steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells how far the first steps are */
        get: operations["get_first_steps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/first-steps/{mark}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Notes one of the first steps, for yourself */
        put: operations["put_first_steps_mark"];
        post?: never;
        /** Takes such a note back */
        delete: operations["delete_first_steps_mark"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Hands a user's identity over
         * @description The header `Stepgate-User-Assertion` carries it, a JSON Web Token that the app signed. It may also come with any other
         *     request of the app about sign-ins.
         */
        put: operations["put_identity"];
        post?: never;
        /**
         * Forgets a user's identity
         * @description Tokens of an identity provider are given back to it, where it says how (RFC 7009).
         */
        delete: operations["delete_identity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells this document */
        get: operations["get_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists people */
        get: operations["get_people"];
        put?: never;
        /**
         * Gives a person an account
         * @description With a first password, or with a set-up link that works once, for three days.
         */
        post: operations["post_people"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{login}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells of a person */
        get: operations["get_people_login"];
        put?: never;
        post?: never;
        /**
         * Takes a person's account away
         * @description With it go their sessions, tokens and try-outs. The last admin stays.
         */
        delete: operations["delete_people_login"];
        options?: never;
        head?: never;
        /**
         * Changes a person's role or password, or keeps them out
         * @description The last admin stays one. `If-Match` may be left out. With somebody's last session go the tokens of their single sign-on.
         */
        patch: operations["patch_people_login"];
        trace?: never;
    };
    "/api/people/{login}/identities/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Parts a person from their account at an identity provider
         * @description Ends all their sessions. With these go the tokens of their single sign-on, which are given back to the identity provider
         *     that issued them, where it says how (RFC 7009). Who has no password then needs a set-up link.
         */
        delete: operations["delete_people_login_identities_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{login}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists a person's sessions */
        get: operations["get_people_login_sessions"];
        put?: never;
        post?: never;
        /**
         * Ends all of a person's sessions
         * @description Their personal API tokens stay. The tokens of their single sign-on go, and are given back to the identity provider where
         *     it says how (RFC 7009).
         */
        delete: operations["delete_people_login_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{login}/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of a person's sessions */
        delete: operations["delete_people_login_sessions_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{login}/set-up-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link by which a person sets a new password
         * @description It works once, for three days, and ends the link before. A password that they have goes on working until then.
         */
        post: operations["post_people_login_set_up_link"];
        /** Takes a person's set-up link back */
        delete: operations["delete_people_login_set_up_link"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists sign-ins
         * @description For our own people: where each stands, and nothing that was typed.
         */
        get: operations["get_runs"];
        put?: never;
        /**
         * Starts a sign-in
         * @description Where one is open for the same user and connection already, that one is joined, and its prompt comes back.
         */
        post: operations["post_runs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells how a sign-in stands
         * @description With `Accept: text/event-stream` every change comes as an event `run`, until the sign-in is over.
         */
        get: operations["get_runs_id"];
        put?: never;
        post?: never;
        /**
         * Gives a sign-in up
         * @description What was stored before stays as it is.
         */
        delete: operations["delete_runs_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers a form */
        post: operations["post_runs_id_answers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes another account
         * @description Where the account that signed in is another than the connection's, which the sign-in then waits for.
         */
        post: operations["post_runs_id_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Has it sent again
         * @description Where the form that is waited for can have something sent again, such as a code: see `resends_left`.
         */
        post: operations["post_runs_id_resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells what a template may name in a place */
        post: operations["post_scope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/screen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells how all connectors stand for a user
         * @description What the managed auth screen shows, for pages of the app's own.
         */
        get: operations["get_screen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells who is signed in */
        get: operations["get_session"];
        put?: never;
        /**
         * Signs in
         * @description Sets the session's cookie. Too many tries have to wait.
         */
        post: operations["post_session"];
        /**
         * Signs out
         * @description With the last session of somebody go the tokens of their single sign-on, which are given back to the identity provider
         *     where it says how (RFC 7009).
         */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Changes the password
         * @description All sessions end; this browser gets a new one.
         */
        put: operations["put_session_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists one's sessions */
        get: operations["get_sessions"];
        put?: never;
        post?: never;
        /** Ends all one's sessions but this */
        delete: operations["delete_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of one's sessions */
        delete: operations["delete_sessions_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/set-up-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells whose password a set-up link sets */
        post: operations["post_set_up_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/set-up-link/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Sets one's password by a set-up link
         * @description Ends the link and all one's sessions, and signs in.
         */
        put: operations["put_set_up_link_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells whether the first admin is still to be made */
        get: operations["get_setup"];
        put?: never;
        /**
         * Makes the first admin
         * @description By the ticket that the log shows at the first start; works once, and signs in.
         */
        post: operations["post_setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sso": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the identity providers at which our own people sign in */
        get: operations["get_sso"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sso/{provider}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Links one's account with an identity provider
         * @description Once the browser has been there and back, one also comes in by it.
         */
        post: operations["post_sso_provider_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sso/{provider}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sends a browser to an identity provider to sign in
         * @description It comes back to `/sso/{provider}/callback`, which sets the session's cookie and goes on at `return_to`.
         */
        get: operations["get_sso_provider_start"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/test-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists your test runs */
        get: operations["get_test_runs"];
        put?: never;
        /**
         * Starts a test run
         * @description It is held in memory for 30 minutes and seen by you alone; nothing of it is stored, and none becomes a connection. Its
         *     requests are real ones, under the same rules as those of any run.
         */
        post: operations["post_test_runs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/test-runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells how a test run stands
         * @description With `Accept: text/event-stream` everything that happens comes as an event `timeline`, and each change of its state as an
         *     event `run`, until it is over. `Last-Event-ID` goes on after that event.
         */
        get: operations["get_test_runs_id"];
        put?: never;
        post?: never;
        /** Ends a test run and forgets it */
        delete: operations["delete_test_runs_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/test-runs/{id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers a form of a test run */
        post: operations["post_test_runs_id_answers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/test-runs/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells a test run as a report
         * @description Markdown with nothing secret in it: each hidden value has a number, the same wherever it stands.
         */
        get: operations["get_test_runs_id_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/test-runs/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Has a test run send again what its form is about
         * @description Where the form that is waited for can have something sent again, such as a code: see `resends_left`.
         */
        post: operations["post_test_runs_id_resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/test-runs/{id}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows one value of a test run
         * @description Of your own alone. The log says that you asked, not what you saw.
         */
        post: operations["post_test_runs_id_reveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists one's personal API tokens */
        get: operations["get_tokens"];
        put?: never;
        /**
         * Makes a personal API token
         * @description Needs a session: a token that makes tokens could not be taken back.
         */
        post: operations["post_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes one of one's personal API tokens */
        delete: operations["delete_tokens_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/user-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mints a user token
         * @description It is for the app's page in the user's browser, lasts minutes, and opens nothing but what the user may do.
         */
        post: operations["post_user_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who is signed in. */
        Account: {
            /** @description What the header `Stepgate-Csrf` has to say with each change; none where a token was shown, which needs none. */
            csrf?: string | null;
            expires_at?: null | components["schemas"]["Moment"];
            /** @example ada */
            login: string;
            role: components["schemas"]["RoleName"];
        };
        /** @description An account of the user. */
        AccountView: {
            /** @description The connection. */
            connection: string;
            /** @description Who it is, where that is known. */
            label?: string | null;
            needed?: null | components["schemas"]["NeededView"];
            ready: boolean;
            /**
             * Format: int64
             * @description The credential's version, raised by each sign-in and renewal.
             */
            version: number;
        };
        /** @description The answers to a form, by its step and the keys of its fields. */
        Answers: Record<string, never>;
        /** @description What is to change of an app; what is left out stays. */
        AppChange: {
            /** @description The connectors that it may use, in the order in which they are shown. */
            connectors?: components["schemas"]["Publication"][] | null;
            /**
             * @description Origins whose pages may call, each exactly, such as `https://shop.example.org`. No patterns.
             * @example [
             *       "https://shop.example.org"
             *     ]
             */
            origins?: string[] | null;
            /**
             * @description Where the managed auth screen may send a browser back to, each to the letter; https, or http on this machine.
             * @example [
             *       "https://shop.example.org/connected"
             *     ]
             */
            return_addresses?: string[] | null;
            /** @description Whether its pages show the managed auth screen at their start. */
            screen_at_start?: boolean | null;
            /**
             * @description What people read.
             * @example Our shop
             */
            title?: string | null;
        };
        /** @description A key, without the key itself. */
        AppKeyView: {
            created_at: components["schemas"]["Moment"];
            /**
             * @description Its last letters.
             * @example …x7Qa
             */
            hint: string;
            /** @example k_k3uq */
            id: string;
            last_used_at?: null | components["schemas"]["Moment"];
        };
        /** @description The keys of an app. */
        AppKeys: {
            keys: components["schemas"]["AppKeyView"][];
        };
        /** @description How an app's users are known. */
        AppSsoView: {
            assertions?: null | components["schemas"]["AssertionView"];
            provider?: string | null;
            required: boolean;
            user_claim: string;
            /**
             * Format: int64
             * @description Raised by each change; also the ETag.
             */
            version: number;
        };
        /** @description How an app uses one connector. */
        AppUseView: {
            /** @example wiki */
            connector: string;
            last_called_at?: null | components["schemas"]["Moment"];
            /**
             * Format: int64
             * @description How many of the app's users have a connection.
             */
            users: number;
        };
        /** @description How an app uses its connectors. */
        AppUses: {
            /** @description By connector; one that is not here was never used. */
            uses: components["schemas"]["AppUseView"][];
        };
        /** @description An app. */
        AppView: {
            connectors: components["schemas"]["Publication"][];
            created_at: components["schemas"]["Moment"];
            /** @example shop */
            name: string;
            origins: string[];
            return_addresses: string[];
            screen_at_start: boolean;
            title: string;
            updated_at: components["schemas"]["Moment"];
            /**
             * Format: int64
             * @description Raised by each change; also the ETag.
             */
            version: number;
        };
        /** @description All apps. */
        Apps: {
            apps: components["schemas"]["AppView"][];
        };
        /** @description A place in a text. */
        Asked: {
            /** @description and column, from 1, in characters. */
            column?: number | null;
            /** @description Or by its line, from 1, */
            line?: number | null;
            /**
             * @description The place by its path, which need not be there yet.
             * @example auth_flow.steps[1].request.url
             */
            path?: string | null;
            /** @description The definition, as YAML or JSON. It may have problems; a template that is open at the place may even break the YAML. */
            text: string;
        };
        /** @description What an app signs for its users. */
        AssertionView: {
            audience: string;
            issuer: string;
            /** @description Where the app's public keys are; none: it shares a key, which is not shown. */
            keys_url?: string | null;
            user_claim: string;
        };
        /** @description What is to change of a connection. */
        Change: {
            /** @description What people call it; null takes the name away, left out it stays. */
            name?: string | null;
        };
        /** @description What a check gives. */
        CheckView: {
            /** @description The connector that it describes; none where there is an error. */
            connector?: string | null;
            /**
             * @description The form fields that are stored after a sign-in, as step and field; none where there is an error.
             * @example [
             *       "form1.username"
             *     ]
             */
            kept: string[];
            /** @description What is wrong or doubtful, in the order of the text. */
            problems: components["schemas"]["ProblemView"][];
            /** @description Whether it could be saved and run. */
            valid: boolean;
        };
        /** @description A page of connections. */
        ConnectionList: {
            connections: components["schemas"]["ConnectionView"][];
            /** @description Where the next page begins, for `after`. */
            next?: string | null;
        };
        /** @description A connection. */
        ConnectionView: {
            /** @description The app, where it is a user's. */
            app?: string | null;
            /** @example wiki */
            connector: string;
            created_at: components["schemas"]["Moment"];
            environment?: string | null;
            expires_at?: null | components["schemas"]["Moment"];
            id: string;
            /** @description Which account it is. */
            identity?: string | null;
            /** @description The account, as the API names it. */
            label?: string | null;
            last_used_at?: null | components["schemas"]["Moment"];
            /** @description What people called it. */
            name?: string | null;
            /**
             * @description `APP/USER`, `shared`, `local`, or `people/LOGIN`.
             * @example shop/u123
             */
            owner: string;
            /** @description Why it is in this state. */
            reason: string;
            renewed_at?: null | components["schemas"]["Moment"];
            /** @description Since when. */
            since: components["schemas"]["Moment"];
            /**
             * @description `fresh`, `renewing`, `uncertain`, `backoff` or `sign_in_required`.
             * @example fresh
             */
            state: string;
            updated_at: components["schemas"]["Moment"];
            /** @description The app's own name for the user. */
            user?: string | null;
            /**
             * Format: int64
             * @description The credential's version, raised by each sign-in and renewal.
             */
            version: number;
        };
        /** @description A connector in a list. */
        ConnectorView: {
            /** @example wiki */
            connector: string;
            environments: string[];
            /** @description The file, where it comes from the folder. */
            file?: string | null;
            origin: components["schemas"]["OriginName"];
            owner: components["schemas"]["OwnerName"];
            /** @example Team wiki */
            title: string;
            /**
             * Format: int64
             * @description The version that is served, where it comes from the store; also the ETag.
             */
            version?: number | null;
        };
        /** @description All connectors. */
        Connectors: {
            connectors: components["schemas"]["ConnectorView"][];
            /** @description What people should know: a file or version that cannot be used, and what is served meanwhile. */
            findings: components["schemas"]["FindingView"][];
        };
        /** @description What became of a cookie. */
        CookieView: {
            /** @description `added`, `changed` or `removed`. */
            change: string;
            domain: string;
            expires_at?: null | components["schemas"]["Moment"];
            name: string;
            path: string;
            /** @description The mask. */
            shown: string;
        };
        /** @description What is known of a credential. */
        CredentialView: {
            expires_at?: null | components["schemas"]["Moment"];
            /** @description Whether it says which account it is. */
            has_identity: boolean;
        };
        /** @description A connector with its definition. */
        DefinitionView: {
            /** @description Who saved it. */
            author?: string | null;
            /** @example wiki */
            connector: string;
            created_at?: null | components["schemas"]["Moment"];
            /** @description The file, where it comes from the folder. */
            file?: string | null;
            /** @description Why, where the author said. */
            note?: string | null;
            origin: components["schemas"]["OriginName"];
            /** @description What is doubtful about it. */
            problems: components["schemas"]["ProblemView"][];
            /** @description The definition as it was written, comments included. */
            text: string;
            /**
             * Format: int64
             * @description The version, where it comes from the store; also the ETag.
             */
            version?: number | null;
        };
        /** @description One thing that was looked at. */
        DoctorFinding: {
            /** @description How it is, and what to do. */
            detail: string;
            sound: boolean;
            /** @example clock */
            what: string;
        };
        /** @description What was looked at. */
        DoctorView: {
            findings: components["schemas"]["DoctorFinding"][];
            /** @description Whether all of it is sound. */
            sound: boolean;
        };
        /** @description A draft in a list. */
        DraftSummary: {
            /**
             * Format: int64
             * @description The version of the connector that it was begun from; none where it is a new one.
             */
            based_on?: number | null;
            /** @example wiki */
            name: string;
            updated_at: components["schemas"]["Moment"];
            /**
             * Format: int64
             * @description Also the ETag.
             */
            version: number;
        };
        /** @description A draft. */
        DraftView: components["schemas"]["DraftSummary"] & {
            /** @description The text, whether or not it is a definition. */
            text: string;
        };
        /** @description Your drafts. */
        Drafts: {
            /** @description By name. */
            drafts: components["schemas"]["DraftSummary"][];
        };
        /** @description What happened. */
        EventView: {
            /** @enum {string} */
            event: "phase";
            name: string;
        } | {
            /** @enum {string} */
            event: "step_started";
            kind: string;
            step: string;
        } | {
            /** @enum {string} */
            event: "step_skipped";
            step: string;
            why: string;
        } | {
            /** @enum {string} */
            event: "request_sent";
            method: string;
            step: string;
            url: string;
        } | {
            /** @enum {string} */
            event: "redirected";
            /** Format: int32 */
            status: number;
            step: string;
            url: string;
        } | {
            bytes: number;
            /** @enum {string} */
            event: "reply_received";
            /** Format: int64 */
            millis: number;
            /** Format: int32 */
            status: number;
            step: string;
        } | {
            /** @enum {string} */
            event: "exchanged";
            hops: components["schemas"]["HopView"][];
            step: string;
        } | {
            /** @enum {string} */
            event: "extracted";
            name: string;
            step: string;
            value: string;
        } | {
            condition: string;
            /** @enum {string} */
            event: "judged";
            holds: boolean;
            step: string;
        } | {
            /** @enum {string} */
            event: "outputs";
            /** @description How many more there are. */
            left_out: number;
            step: string;
            values: components["schemas"]["OutputView"][];
        } | {
            changes: components["schemas"]["CookieView"][];
            /** @enum {string} */
            event: "cookies";
            step: string;
        } | {
            /** @enum {string} */
            event: "step_done";
            /** Format: int64 */
            millis: number;
            step: string;
        } | {
            /** @enum {string} */
            event: "step_failed";
            message: string;
            step: string;
        } | {
            /** @enum {string} */
            event: "went_back";
            from: string;
            to: string;
        } | {
            /** @enum {string} */
            event: "sent_again";
            form: string;
            from: string;
        } | {
            /** @enum {string} */
            event: "console";
            /**
             * @description `debug`, `log`, `info`, `warn` or `error`.
             * @example log
             */
            level: string;
            step: string;
            text: string;
        } | {
            /** @enum {string} */
            event: "waiting";
            step: string;
            what: string;
        } | {
            /** @enum {string} */
            event: "callback_refused";
            why: string;
        } | {
            changed: boolean;
            /** @enum {string} */
            event: "updated";
            target: string;
        } | {
            /** @enum {string} */
            event: "warning";
            message: string;
            step?: string | null;
        } | {
            /** @enum {string} */
            event: "other";
        };
        /** @description A connector whose API comes with the binary. */
        ExampleApi: {
            /** @example demo */
            connector: string;
            /** @description That user's password, which is no secret. */
            password: string;
            /** @description The one user that the API knows. */
            user: string;
        };
        /** @description An example definition. */
        ExampleView: {
            /** @example mediawiki */
            name: string;
            /** @description The definition, comments included. */
            text: string;
            /** @description What it shows, in one sentence. */
            title: string;
        };
        /** @description Example definitions. */
        Examples: {
            /** @description By name. */
            examples: components["schemas"]["ExampleView"][];
        };
        /** @description Something to see: one of `text`, `image` and `qr`. */
        ExhibitView: {
            /**
             * @description A `data:` URL of a PNG, JPEG, GIF or WebP image of at most 256 KiB.
             * @example data:image/png;base64,…
             */
            image?: string | null;
            /** @description What it is. */
            label?: string | null;
            /** @description What a QR code says. */
            qr?: string | null;
            /** @description That QR code: an `svg` element. */
            svg?: string | null;
            text?: string | null;
        };
        /** @description Why a sign-in failed. */
        FailureView: {
            /** @description What exactly. */
            cause: string;
            /** @example sign_in_refused */
            code: string;
            /** @description What happened, for people. */
            detail: string;
            help?: string | null;
            /** @description `no`, or `later` where the same may work then. */
            retry: string;
            step?: string | null;
            /** @description `caller`, `builder`, `api` or `stepgate`. */
            whose_fault: string;
        };
        /**
         * @description Who can mend it.
         * @enum {string}
         */
        Fault: "caller" | "builder" | "api" | "stepgate";
        /** @description A field of a form. */
        FieldView: {
            /** @description What it holds to begin with; never that of a password or code. */
            default?: string | null;
            /** @description What to say of an answer that does not match it. */
            else?: string | null;
            /** @description What is wrong with the last answer. */
            error?: string | null;
            help?: string | null;
            /** @example username */
            key: string;
            label: string;
            /**
             * Format: int32
             * @description The greatest number of characters.
             */
            max_length?: number | null;
            /**
             * Format: int32
             * @description The least number of characters.
             */
            min_length?: number | null;
            options?: components["schemas"]["OptionView"][];
            /** @description A regular expression that the whole answer matches. */
            pattern?: string | null;
            placeholder?: string | null;
            required: boolean;
            /**
             * @description `text`, `number`, `email`, `password`, `otp` or `choice`.
             * @example text
             */
            type: string;
        };
        /** @description What may be done to a value. */
        FilterView: {
            /** @description One sentence. */
            about: string;
            /** @example base64url */
            name: string;
        };
        /** @description Something that people should know about the connectors. */
        FindingView: {
            /** @example broken_definition */
            code: string;
            connector?: string | null;
            message: string;
            /** @description Each problem with its place, where a definition has some. */
            problems: string[];
        };
        /** @description How far the first steps are. */
        FirstSteps: {
            address?: null | components["schemas"]["DoctorFinding"];
            /** @description Whether you need them no more. */
            dismissed: boolean;
            example?: null | components["schemas"]["ExampleApi"];
            /** @description Where the master key comes from. */
            key: components["schemas"]["DoctorFinding"];
            /** @description Whether an admin has noted that a copy of it is kept elsewhere. */
            key_kept: boolean;
            /**
             * @description Where browsers reach the server, as far as it knows. It has to be the address that yours shows.
             * @example https://gate.example.org
             */
            public_url: string;
            /** @description Whether anybody is signed in to any connector. Who has to sign in again is not. */
            signed_in: boolean;
        };
        /**
         * @description What is tested.
         * @enum {string}
         */
        FlowName: "auth" | "refresh" | "logout" | "test_api" | "endpoint";
        /** @description A form. */
        FormView: {
            /** Format: int32 */
            attempts_left?: number | null;
            /** @description Why it is asked again. */
            error?: string | null;
            /** @description Whether that time is over: then it takes no answer before `resend`. */
            expired?: boolean;
            expires_at?: null | components["schemas"]["Moment"];
            fields: components["schemas"]["FieldView"][];
            /** @description What was just done because the person asked for it: that something was sent again. */
            notice?: string | null;
            /**
             * Format: int32
             * @description How often `resend` may still be asked for; left out: not at all.
             */
            resends_left?: number | null;
            /** @description What is shown above the fields. */
            show?: components["schemas"]["ExhibitView"][];
            /**
             * @description The step, by which it is answered.
             * @example form1
             */
            step: string;
            text?: string | null;
            title: string;
        };
        /** @description Whose identity was handed over. */
        HandedOver: {
            /**
             * @description The app's own name for the user.
             * @example u123
             */
            user: string;
        };
        /** @description A header field. */
        HeaderView: {
            /** @example content-type */
            name: string;
            value: string;
        };
        /** @description One hop of an exchange. */
        HopView: {
            /** @description A map or list where it is JSON, else a text; secrets hidden. */
            body: Record<string, never>;
            /** @description The size of the whole body. */
            bytes: number;
            headers: components["schemas"]["HeaderView"][];
            /** @example POST */
            method: string;
            /** @description The shape of the last reply's body, its values hidden. */
            reply_body: Record<string, never>;
            reply_headers: components["schemas"]["HeaderView"][];
            /**
             * Format: int32
             * @description None where nothing answered.
             */
            status?: number | null;
            url: string;
        };
        /** @description Two accounts. */
        IdentityView: {
            /** @description Who signed in. */
            new: string;
            /** @description Whose the connection is. */
            old: string;
        };
        /** @description A link. */
        LinkView: {
            expires_at: components["schemas"]["Moment"];
            /** @description To be opened by the user's browser, once. */
            url: string;
        };
        /** @description Whom a person is at an identity provider. */
        LinkedView: {
            created_at: components["schemas"]["Moment"];
            /** @example Lxyabfk0_2tR8uQa */
            id: string;
            /** @example https://sso.example.org */
            issuer: string;
            /**
             * @description The provider's title, or its issuer where the settings no longer name it.
             * @example Example Corp
             */
            provider: string;
            /** @description The subject there, which says no more than which account it is. */
            subject: string;
        };
        /** @description A key that was made. */
        MadeAppKey: components["schemas"]["AppKeyView"] & {
            /**
             * @description The key; it is never shown again.
             * @example sg_app_…
             */
            key: string;
        };
        /** @description A token that was made. */
        MadeToken: components["schemas"]["TokenView"] & {
            /**
             * @description The token; it is never shown again.
             * @example sg_pat_…
             */
            token: string;
        };
        /**
         * Format: date-time
         * @description A point in time, RFC 3339 in UTC.
         * @example 2026-01-31T09:30:00Z
         */
        Moment: string;
        /** @description Something that a template can name. */
        NameView: {
            /** @description One sentence. */
            about: string;
            /** @description Whether it is sure to be there; else only a run can tell. */
            certain: boolean;
            /**
             * @description The flow of that step.
             * @example auth_flow
             */
            flow?: string | null;
            /**
             * @description `step`, `output`, `variable`, `secret`, `parameter` or `root`.
             * @example output
             */
            kind: string;
            /** @description Whether its step runs after this place: to be shown, but it cannot be named here. */
            later: boolean;
            /**
             * @description As it is written between the braces.
             * @example login.body
             */
            path: string;
            /** @description The step whose output it is. */
            step?: string | null;
            /**
             * @description `string`, `number`, `boolean`, `object`, `array`, `null` or `any`, as far as the definition tells.
             * @example any
             */
            type: string;
        };
        /** @description Why a person has to sign in again. */
        NeededView: {
            /** @description What is known of it. */
            reason: string;
            since: components["schemas"]["Moment"];
            /**
             * @description `refused`, `answer_missing` or `moved`.
             * @example refused
             */
            why: string;
        };
        /** @description An app to be made. */
        NewApp: {
            /** @description The connectors that it may use, in the order in which they are shown. */
            connectors?: components["schemas"]["Publication"][] | null;
            /**
             * @description A lower-case letter, then at most 62 of a-z, 0-9 and -; not `people`, `local` or `shared`.
             * @example shop
             */
            name: string;
            /**
             * @description Origins whose pages may call, each exactly, such as `https://shop.example.org`. No patterns.
             * @example [
             *       "https://shop.example.org"
             *     ]
             */
            origins?: string[] | null;
            /**
             * @description Where the managed auth screen may send a browser back to, each to the letter; https, or http on this machine.
             * @example [
             *       "https://shop.example.org/connected"
             *     ]
             */
            return_addresses?: string[] | null;
            /**
             * @description Whether its pages show the managed auth screen at their start; left out: they do.
             * @default true
             */
            screen_at_start: boolean | null;
            /**
             * @description What people read; left out: the name.
             * @example Our shop
             */
            title?: string | null;
        };
        /** @description How an app's users are known. */
        NewAppSso: {
            assertions?: null | components["schemas"]["NewAssertion"];
            /**
             * @description The identity provider of the server's settings at which users sign in on the managed auth screen.
             * @example corp
             */
            provider?: string | null;
            /** @description Whether the screen lets in nobody who has not signed in there as the user that the app named. */
            required?: boolean;
            /**
             * @description The claim that is the app's own name for a user; left out: `sub`.
             * @example sub
             */
            user_claim?: string | null;
        };
        /** @description What an app signs for its users: JSON Web Tokens, with either `keys_url` or `shared_key`. */
        NewAssertion: {
            /**
             * @description What `aud` has to name; left out: this server's origin.
             * @example https://gate.example.org
             */
            audience?: string | null;
            /**
             * @description What `iss` has to be: a URL.
             * @example https://shop.example.org
             */
            issuer: string;
            /**
             * @description Where the app's public keys are, a JSON Web Key Set.
             * @example https://shop.example.org/keys.json
             */
            keys_url?: string | null;
            /**
             * Format: password
             * @description A key of at least 32 bytes that the app and this server share, for HS256, HS384 and HS512. It is never shown.
             */
            shared_key?: string | null;
            /**
             * @description The claim that is the app's own name for a user; left out: `sub`.
             * @example sub
             */
            user_claim?: string | null;
        };
        /** @description A draft to be kept. */
        NewDraft: {
            /**
             * Format: int64
             * @description The version of the connector that it was begun from.
             */
            based_on?: number | null;
            /** @description The text. */
            text: string;
        };
        /** @description A link to be made. */
        NewLink: {
            /** @description The connector that it is about: the screen shows it first. */
            connector?: string | null;
            /** @description The environment in which the connectors are signed in to. */
            environment?: string | null;
            /**
             * @description Where the screen sends the browser at the end: one of the app's return addresses, to the letter.
             * @example https://shop.example.org/connected
             */
            return_to?: string | null;
            /**
             * @description The app's own name for the user.
             * @example u123
             */
            user: string;
        };
        /** @description A new password for the one that was. */
        NewPassword: {
            /**
             * Format: password
             * @description The password until now.
             */
            current: string;
            /**
             * Format: password
             * @description The new one: at least 12 characters.
             */
            new: string;
        };
        /** @description A person to be given an account. */
        NewPerson: {
            /** @example ada */
            login: string;
            /**
             * Format: password
             * @description A first password, at least 12 characters; the person changes it. Left out, they are invited: the answer has a link
             *     by which they set one.
             */
            password?: string | null;
            role: components["schemas"]["RoleName"];
        };
        /** @description A sign-in to be started. */
        NewRun: {
            /**
             * @description Which connection is to be signed in, by id, name or label. Where none has it, one of this name is made. Left out:
             *     the one that there is, or a first one.
             */
            connection?: string | null;
            /**
             * @description The connector.
             * @example wiki
             */
            connector: string;
            /** @description The connector's environment. */
            environment?: string | null;
        };
        /** @description A test run to be started. */
        NewTestRun: {
            /**
             * @description Or the name of a connector that is served.
             * @example wiki
             */
            connector?: string | null;
            /** @description The endpoint, where one is tested. */
            endpoint?: string | null;
            /** @description The connector's environment. */
            environment?: string | null;
            flow: components["schemas"]["FlowName"];
            /**
             * @description Begins at this step, with what those before it left behind in the test run `of`. What that used up, such as a code
             *     for one use, the API may refuse.
             */
            from_step?: string | null;
            /** @description An earlier test run of yours, whose credential is used, or whose outputs where `from_step` is there. */
            of?: string | null;
            /** @description Its parameters. */
            parameters?: {
                [key: string]: unknown;
            };
            /** @description Sends a call with a bad token first, to show that the session is seen to be over, and renewed. */
            spoil?: boolean;
            /** @description The definition, saved or not. */
            text?: string | null;
        };
        /** @description A token to be made. */
        NewToken: {
            /**
             * Format: int32
             * @description For how many days it holds.
             * @default 90
             */
            days: number;
            /**
             * @description What it is for.
             * @example deploy
             */
            name: string;
        };
        /** @description A call to be tried. */
        NewTry: {
            /** @description Which of your connections, by id, name or label, where there are several. */
            connection?: string | null;
            /** @example read_page */
            endpoint: string;
            environment?: string | null;
            /** @description Its parameters. */
            parameters?: {
                [key: string]: unknown;
            };
        };
        /** @description A page to open. */
        OpenView: {
            /** @description Why the page that came back last was not taken. */
            refused?: string | null;
            /** @description The address. The first browser that opens it is the one in which the sign-in goes on. */
            url: string;
        };
        /** @description An option of a choice. */
        OptionView: {
            label: string;
            value: string;
        };
        /**
         * @description Where a connector comes from.
         * @enum {string}
         */
        OriginName: "folder" | "store";
        /** @description What a call was answered with. */
        OutcomeView: {
            /** @description Whether it is what the endpoint or the test API expects. */
            expected: boolean;
            /** @description Whether the API still says that the session is over. */
            over: boolean;
            /** @description Whether the session was renewed for it. */
            renewed: boolean;
            /** Format: int32 */
            status: number;
        };
        /** @description An output. */
        OutputView: {
            /** @description Characters of a text, items of a list or map; none of a typed password, or what has one in it. */
            length?: number | null;
            /**
             * @description As it is written in a template.
             * @example login.body.token
             */
            path: string;
            /** @description The mask. */
            shown: string;
            /** @example string */
            type: string;
        };
        /**
         * @description Whose connections a connector has.
         * @enum {string}
         */
        OwnerName: "user" | "shared";
        /** @description All people. */
        People: {
            people: components["schemas"]["PersonView"][];
        };
        /** @description What is to change of a person; what is left out stays. */
        PersonChange: {
            /** @description Whether they are kept out; ends their sessions. */
            disabled?: boolean | null;
            /**
             * Format: password
             * @description A new password; ends their sessions.
             */
            password?: string | null;
            role?: null | components["schemas"]["RoleName"];
        };
        /** @description A person. */
        PersonView: {
            created_at: components["schemas"]["Moment"];
            /** @description Whether they are kept out. */
            disabled: boolean;
            /** @description Whether they sign in with a password. Who has none and is linked with nothing has only been invited. */
            has_password: boolean;
            /** @description Whom they are at identity providers, the newest last. */
            identities: components["schemas"]["LinkedView"][];
            /** @example ada */
            login: string;
            role: components["schemas"]["RoleName"];
            set_up_link?: null | components["schemas"]["SetUpLinkView"];
            /**
             * Format: int64
             * @description Raised by each change; also the ETag.
             */
            version: number;
        };
        /** @description An error (RFC 9457). Some codes bring further members. */
        Problem: {
            /**
             * @description A stable word for it.
             * @example sign_in_required
             */
            code: string;
            /** @description What happened, for people. */
            detail: string;
            /** @description What to do. */
            help?: string | null;
            /** @description Names the request in the log. */
            request_id?: string | null;
            retry: components["schemas"]["Retry"];
            /** @description Where a person signs in, where that is what is missing. */
            sign_in_url?: string | null;
            /**
             * Format: int32
             * @example 409
             */
            status: number;
            /** @example Conflict */
            title: string;
            /** @example about:blank */
            type: string;
            whose_fault: components["schemas"]["Fault"];
        };
        /** @description A problem of a definition. */
        ProblemView: {
            /**
             * @description A stable name, listed in the definition reference.
             * @example unknown_name
             */
            code: string;
            /** @description From 1, in characters. */
            column: number;
            /** @description The column after its last character. */
            end_column: number;
            /** @description The line in which the place ends. */
            end_line: number;
            /** @description What to do. */
            help: string;
            /** @description From 1. */
            line: number;
            /** @description What is wrong. */
            message: string;
            /** @description The name that was probably meant, where one is near. */
            nearest?: string | null;
            /**
             * @description The place in the definition: names after dots, list items by number from 0. Empty for the whole.
             * @example auth_flow.steps[2].request.url
             */
            path: string;
            severity: components["schemas"]["SeverityName"];
        };
        /** @description An identity provider. */
        ProviderView: {
            /** @example corp */
            name: string;
            /**
             * @description Where a browser goes to sign in; `return_to` may be added.
             * @example /api/sso/corp/start
             */
            start: string;
            /**
             * @description What people read.
             * @example Example Corp
             */
            title: string;
        };
        /** @description The identity providers at which our own people sign in. */
        Providers: {
            providers: components["schemas"]["ProviderView"][];
        };
        /** @description A connector that an app publishes. */
        Publication: {
            /** @example wiki */
            connector: string;
            /**
             * @description Whether the managed auth screen asks to sign in to it.
             * @default true
             */
            selected: boolean;
        };
        /**
         * @description Whether the same request may work later.
         * @enum {string}
         */
        Retry: "no" | "after_sign_in" | "later";
        /** @description A value in the clear. Secrets of the connector stay hidden in it. */
        RevealedView: {
            path: string;
            type: string;
            value: unknown;
        };
        /** @description A value to be shown. */
        Revealing: {
            /**
             * @description An output (`login.body.token`), a cookie (`cookies.sid`), or a part of the event `exchanged` of an index:
             *     `exchange[4].request.body`, `exchange[4].reply.headers.x-user`, `exchange[4].hops[0].request.url`.
             * @example login.body.token
             */
            path: string;
        };
        /**
         * @description What a person may do: a builder makes connectors and apps, an admin also looks after people.
         * @enum {string}
         */
        RoleName: "admin" | "builder";
        /** @description Sign-ins. */
        RunList: {
            /** @description Newest first. Each is forgotten ten minutes after it was started. */
            runs: components["schemas"]["RunSummary"][];
        };
        /** @description A sign-in in a list. */
        RunSummary: {
            /** @description The connection's name, where it was given one. */
            connection?: string | null;
            /** @description The connection that has the credential, once signed in. */
            connection_id?: string | null;
            /** @example wiki */
            connector: string;
            environment?: string | null;
            error?: null | components["schemas"]["FailureView"];
            expires_at: components["schemas"]["Moment"];
            id: string;
            /**
             * @description `APP/USER`, `shared`, `local`, or `people/LOGIN`.
             * @example shop/u123
             */
            owner: string;
            /**
             * @description `working`, `waiting`, `signed_in`, `failed`, `expired` or `cancelled`.
             * @example waiting
             */
            state: string;
            /** @description The step that it waits in. */
            step?: string | null;
            /** @description `form`, `open`, `show` or `confirm_identity`, where it waits for a person. */
            waits_for?: string | null;
        };
        /** @description A sign-in. */
        RunView: {
            /** @description The connection's name, where it was given one. */
            connection?: string | null;
            /** @description The connection that has the credential, once signed in. */
            connection_id?: string | null;
            /** @example wiki */
            connector: string;
            environment?: string | null;
            error?: null | components["schemas"]["FailureView"];
            /** @description When it ends at the latest. */
            expires_at: components["schemas"]["Moment"];
            id: string;
            /**
             * @description `working`, `waiting`, `signed_in`, `stepped_up`, `failed`, `expired` or `cancelled`.
             * @example waiting
             */
            state: string;
            waiting_for?: null | components["schemas"]["WaitingView"];
        };
        /** @description What can be named in a place. */
        ScopeView: {
            /** @description What may follow after `|`. */
            filters: components["schemas"]["FilterView"][];
            /** @description The nearest earlier step first, then steps that run later, then everything else. */
            names: components["schemas"]["NameView"][];
            /**
             * @description The path of the value that the place is in.
             * @example auth_flow.steps[1].request.url
             */
            path: string;
        };
        /** @description All connectors of an app, as they stand for a user. */
        ScreenView: {
            /**
             * @description The app.
             * @example shop
             */
            app: string;
            connectors: components["schemas"]["StandingView"][];
            /** @description Whether the user has nothing to do at any connector that the screen asks for. */
            ready: boolean;
            /** @description Whether the app's pages show the managed auth screen at their start. */
            screen_at_start: boolean;
            /** @description What people call it. */
            title: string;
        };
        /** @description The value of a secret. */
        SecretValue: {
            /**
             * Format: password
             * @description At most 64 KiB.
             */
            value: string;
        };
        /** @description A secret, without its value. */
        SecretView: {
            /** @description Whether the definition names it; one that it does not name is read by nothing. */
            declared: boolean;
            from?: null | components["schemas"]["SourceName"];
            /** @example client_secret */
            name: string;
            /** @description Whether it has a value. */
            set: boolean;
            /**
             * @description The environment variable that would set it.
             * @example STEPGATE_SECRET_WIKI_CLIENT_SECRET
             */
            variable: string;
        };
        /** @description The secrets of a connector. */
        Secrets: {
            secrets: components["schemas"]["SecretView"][];
        };
        /** @description A session. */
        SessionView: {
            /** @description The browser, as it calls itself. */
            agent?: string | null;
            created_at: components["schemas"]["Moment"];
            /** @description Whether it is the one that asks. */
            current: boolean;
            expires_at: components["schemas"]["Moment"];
            /** @example s_k3uq */
            id: string;
            /** @description When it was last used, to a minute. */
            seen_at: components["schemas"]["Moment"];
        };
        /** @description The sessions of a person. */
        Sessions: {
            sessions: components["schemas"]["SessionView"][];
        };
        /** @description What makes the first admin. */
        SetUp: {
            /** @example ada */
            login: string;
            /**
             * Format: password
             * @description At least 12 characters.
             */
            password: string;
            /** @description The ticket of the link in the log. */
            ticket: string;
        };
        /** @description Whose password a link sets. */
        SetUpFor: {
            /** @description When the link ends. */
            expires_at: components["schemas"]["Moment"];
            /** @example ada */
            login: string;
        };
        /** @description A link by which a person sets a password of their own, once. */
        SetUpLinkView: {
            created_at: components["schemas"]["Moment"];
            expires_at: components["schemas"]["Moment"];
            /**
             * @description The link itself; only where it was just made.
             * @example https://gate.example.org/join#ticket=…
             */
            url?: string | null;
        };
        /** @description A password, by a link. */
        SetUpPassword: {
            /**
             * Format: password
             * @description At least 12 characters.
             */
            password: string;
            /** @description What follows `ticket=` in the link. */
            ticket: string;
        };
        /** @description Whether there is an account yet. */
        SetUpState: {
            /** @description Whether the first admin is still to be made. */
            needed: boolean;
        };
        /** @description What opens a link. */
        SetUpTicket: {
            /** @description What follows `ticket=` in the link. */
            ticket: string;
        };
        /**
         * @description Whether a definition can be used all the same.
         * @enum {string}
         */
        SeverityName: "error" | "warning";
        /** @description A code to enter elsewhere. */
        ShowView: {
            /**
             * @description The code.
             * @example WDJB-MJHT
             */
            code: string;
            /** @description The same with the code in it. */
            complete_url?: string | null;
            /** @description When the code runs out. */
            expires_at: components["schemas"]["Moment"];
            /** @description The address as a QR code: an `svg` element. */
            qr?: string | null;
            /**
             * @description The step that waits.
             * @example login
             */
            step: string;
            /**
             * @description Where it is entered.
             * @example https://id.example.org/device
             */
            url: string;
        };
        /** @description A login with its password. */
        SignIn: {
            /** @example ada */
            login: string;
            /** Format: password */
            password: string;
        };
        /** @description What became of the session at the API. Here it is forgotten, whatever that was. */
        SignedOutView: {
            /**
             * @description `at_the_api`, `only_here`, `logout_failed`, or `not_revoked`.
             * @example at_the_api
             */
            outcome: string;
            /** @description Why the API did not end it. */
            why?: string | null;
        };
        /**
         * @description Where a secret's value comes from.
         * @enum {string}
         */
        SourceName: "environment" | "store";
        /** @description How one connector stands. */
        StandingView: {
            accounts: components["schemas"]["AccountView"][];
            /** @example wiki */
            connector: string;
            /** @description Where it lives. */
            host: string;
            /** @description Whether the user has nothing to do. */
            ready: boolean;
            /** @description Whether the screen asks to sign in to it. */
            selected: boolean;
            /** @description Whether those who run the app sign in, once for all. */
            shared: boolean;
            /** @description What people read. */
            title: string;
        };
        /** @description Why a test run failed. */
        TestFailureView: {
            /** @description What it probably is. */
            cause?: string | null;
            /**
             * @description A stable word.
             * @example refused
             */
            code: string;
            column?: number | null;
            /** @example auth_flow */
            flow?: string | null;
            /** @description What to do. */
            help?: string | null;
            /** @description From 1, in the text that was tested. */
            line?: number | null;
            /** @description What happened. */
            message: string;
            /** @description The path that was probably meant, where one leads nowhere. */
            nearest?: string | null;
            /**
             * @description The field of the definition.
             * @example auth_flow.steps[1].request.json.token
             */
            path?: string | null;
            /** @example login */
            step?: string | null;
            /** @description `caller`, `builder`, `api` or `stepgate`. */
            whose_fault: string;
        };
        /** @description A test run. */
        TestRunView: {
            /** @example wiki */
            connector: string;
            credential?: null | components["schemas"]["CredentialView"];
            endpoint?: string | null;
            environment?: string | null;
            error?: null | components["schemas"]["TestFailureView"];
            /** @description When it is forgotten. */
            expires_at: components["schemas"]["Moment"];
            /**
             * @description `auth`, `refresh`, `logout`, `test_api` or `endpoint`.
             * @example auth
             */
            flow: string;
            id: string;
            outcome?: null | components["schemas"]["OutcomeView"];
            started_at: components["schemas"]["Moment"];
            /**
             * @description `working`, `waiting`, `done`, `failed` or `cancelled`.
             * @example waiting
             */
            state: string;
            waiting_for?: null | components["schemas"]["TestWaitingView"];
        };
        /** @description A test run with all that happened. */
        TestRunWithEvents: components["schemas"]["TestRunView"] & {
            events: components["schemas"]["TimelineEvent"][];
        };
        /** @description Your test runs. */
        TestRunsView: {
            /** @description Newest first. */
            test_runs: components["schemas"]["TestRunView"][];
        };
        /** @description What came of a test. */
        TestView: {
            /** @description The test API. */
            name: string;
            /** @description Whether the credential works. */
            ok: boolean;
            /** @description Whether the session was renewed for it. */
            renewed: boolean;
            /**
             * Format: int32
             * @description The status it answered with.
             */
            status: number;
            /** @description Why not, in the definition's words. */
            why?: string | null;
        };
        /** @description What a test run waits for. */
        TestWaitingView: {
            /** @description A form, which `answers` fills in. */
            form: components["schemas"]["FormView"];
        } | {
            /** @description A page to be opened in the person's own browser, in which they are signed in here. */
            open: components["schemas"]["OpenView"];
        } | {
            /** @description A code to be entered on any device. */
            show: components["schemas"]["ShowView"];
        } | {
            /** @description A time: the step asks the API again. */
            time: string;
        };
        /** @description A text to be checked. */
        Text: {
            /**
             * @description The definition, as YAML or JSON.
             * @example stepgate: 1
             *     connector: wiki
             *     base_url: https://wiki.example.org
             */
            text: string;
        };
        /** @description One thing that happened. */
        TimelineEvent: components["schemas"]["EventView"] & {
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            at: number;
            /** @description Its position, from 0; also the id of the event in a stream. */
            index: number;
        };
        /** @description A token, without the token itself. */
        TokenView: {
            created_at: components["schemas"]["Moment"];
            expires_at?: null | components["schemas"]["Moment"];
            /** @example t_k3uq */
            id: string;
            last_used_at?: null | components["schemas"]["Moment"];
            name: string;
        };
        /** @description The tokens of a person. */
        Tokens: {
            tokens: components["schemas"]["TokenView"][];
        };
        /** @description What it was answered with. */
        TriedView: {
            /**
             * Format: int32
             * @description How often it was sent.
             */
            attempts: number;
            /** @description As text; none where it is no text, or too large. */
            body?: string | null;
            /** @description The size of the body, decoded; none where it is too large to be read. */
            bytes?: number | null;
            /** @description The connection it was sent with; none where the endpoint needs none. */
            connection_id?: string | null;
            /** @description The same call by an app, as a line for a shell. */
            curl: string;
            /** @description Whether it is what the endpoint expects. */
            expected: boolean;
            /** @description Without cookies, which went to the connection. */
            headers: components["schemas"]["HeaderView"][];
            /**
             * Format: int64
             * @description How long it took, the reading of the body included.
             */
            millis: number;
            /** @description Whether the session was renewed for it. */
            renewed: boolean;
            /**
             * Format: int32
             * @example 200
             */
            status: number;
            /** @description Why not, in the definition's words. */
            why?: string | null;
        };
        /** @description A version, without its text. */
        VersionView: {
            /** @description Who saved it. */
            author: string;
            created_at: components["schemas"]["Moment"];
            /** @description Why, where the author said. */
            note?: string | null;
            /** Format: int64 */
            version: number;
        };
        /** @description The versions of a connector. */
        Versions: {
            versions: components["schemas"]["VersionView"][];
        };
        /** @description What a person has to do. */
        WaitingView: {
            /** @description Fill in a form. */
            form: components["schemas"]["FormView"];
        } | {
            /** @description Open a page in the person's browser. */
            open: components["schemas"]["OpenView"];
        } | {
            /** @description Enter a code at an address, on any device; the sign-in then goes on by itself. */
            show: components["schemas"]["ShowView"];
        } | {
            /** @description Say by `confirm` whether another account takes the place of the connection's. */
            confirm_identity: components["schemas"]["IdentityView"];
        };
        /** @description Where to go to link an account. */
        Way: {
            /** @description To be opened by this browser, within 10 minutes. */
            url: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_apps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All apps, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Apps"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_apps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApp"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_apps_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_apps_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_apps_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppChange"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_apps_name_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its keys, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppKeys"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_apps_name_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made; shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeAppKey"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_apps_name_keys_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
                /**
                 * @description The key's id.
                 * @example k_k3uq
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed; it works no more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_apps_name_sso: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppSsoView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_apps_name_sso: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that was seen; left out: any. */
                "If-Match"?: string | null;
            };
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAppSso"];
            };
        };
        responses: {
            /** @description Set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppSsoView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_apps_name_sso: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that was seen; left out: any. */
                "If-Match"?: string | null;
            };
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_apps_name_uses: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The app.
                 * @example shop
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it makes of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppUses"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_auth_links: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLink"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Text"];
            };
        };
        responses: {
            /** @description What is wrong with it, if anything is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connections: {
        parameters: {
            query?: {
                /** @description Of this connector. */
                connector?: string;
                /** @description In this environment. */
                environment?: string;
                /** @description Of this user of the app; our own people name the whole owner, as in `shop/u123`. */
                owner?: string;
                /** @description From where the page before ended: its `next`. */
                after?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionList"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connections_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_connections_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Change"];
            };
        };
        responses: {
            /** @description As it is then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_connections_id_clear: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_connections_id_renew: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_connections_id_sign_in_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection, which is an app's user's. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_connections_id_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of the session at the API. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedOutView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_connections_id_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connectors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is served now, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connectors"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_connectors: {
        parameters: {
            query?: {
                /** @description Why it is saved; kept with the version. */
                note?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The definition, as YAML or JSON. */
        requestBody: {
            content: {
                "application/json": unknown;
                "application/yaml": string;
                "text/yaml": string;
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connectors_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connector. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionView"];
                    "text/yaml": string;
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_connectors_name: {
        parameters: {
            query?: {
                /** @description Why it is saved; kept with the version. */
                note?: string;
            };
            header?: {
                /** @description The version that was seen, or `*`. */
                "If-Match"?: string | null;
            };
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        /** @description The definition, as YAML or JSON. */
        requestBody: {
            content: {
                "application/json": unknown;
                "application/yaml": string;
                "text/yaml": string;
            };
        };
        responses: {
            /** @description Saved. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionView"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_connectors_name: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that was seen, or `*`. */
                "If-Match"?: string | null;
            };
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connectors_name_secrets: {
        parameters: {
            query?: {
                /**
                 * @description The environment; left out: the one without a name.
                 * @example staging
                 */
                environment?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its secrets, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Secrets"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_connectors_name_secrets_secret: {
        parameters: {
            query?: {
                /**
                 * @description The environment; left out: the one without a name.
                 * @example staging
                 */
                environment?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
                /**
                 * @description The secret.
                 * @example client_secret
                 */
                secret: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretValue"];
            };
        };
        responses: {
            /** @description Set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_connectors_name_secrets_secret: {
        parameters: {
            query?: {
                /**
                 * @description The environment; left out: the one without a name.
                 * @example staging
                 */
                environment?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
                /**
                 * @description The secret.
                 * @example client_secret
                 */
                secret: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_connectors_name_try: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTry"];
            };
        };
        responses: {
            /** @description What the API answered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriedView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connectors_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that were saved, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versions"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_connectors_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
                /**
                 * @description The version.
                 * @example 1
                 */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionView"];
                    "text/yaml": string;
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_connectors_name_versions_version_restore: {
        parameters: {
            query?: {
                /** @description Why it is saved; kept with the version. */
                note?: string;
            };
            header?: {
                /** @description The newest version, which was seen, or `*`. */
                "If-Match"?: string | null;
            };
            path: {
                /**
                 * @description The connector.
                 * @example wiki
                 */
                name: string;
                /**
                 * @description The version.
                 * @example 1
                 */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is the newest again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionView"];
                };
            };
            /** @description The connector is back. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_definition_schema: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schema, draft 2020-12. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_doctor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_drafts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yours alone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drafts"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_drafts_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The draft, mostly the connector's name.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_drafts_name: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that was seen, or `*`. */
                "If-Match"?: string | null;
            };
            path: {
                /**
                 * @description The draft, mostly the connector's name.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDraft"];
            };
        };
        responses: {
            /** @description Kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftSummary"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftSummary"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_drafts_name: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that was seen; left out: any. */
                "If-Match"?: string | null;
            };
            path: {
                /**
                 * @description The draft.
                 * @example wiki
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_examples: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Definitions to begin with. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Examples"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_first_steps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far they are. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstSteps"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_first_steps_mark: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What. */
                mark: "dismissed" | "key_kept";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Noted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_first_steps_mark: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What. */
                mark: "dismissed" | "key_kept";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is noted no more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_identity: {
        parameters: {
            query?: never;
            header: {
                /** @description What the app signed. */
                "Stepgate-User-Assertion": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is believed, and kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandedOver"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_identity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_people: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All people, by login. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["People"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_people: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPerson"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_people_login: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_people_login: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_people_login: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonChange"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_people_login_identities_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
                /**
                 * @description The identity.
                 * @example Lxyabfk0_2tR8uQa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Parted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_people_login_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their sessions, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_people_login_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_people_login_sessions_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
                /**
                 * @description The session.
                 * @example s_k3uq
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_people_login_set_up_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made; it is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetUpLinkView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_people_login_set_up_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The login.
                 * @example ada
                 */
                login: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It works no longer. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_runs: {
        parameters: {
            query?: {
                /** @description Of this connector. */
                connector?: string;
                /** @description Of this owner, as in `shop/u123`. */
                owner?: string;
                /** @description In this state. */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most 500. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_runs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRun"];
            };
        };
        responses: {
            /** @description Started, or joined. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_runs_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                    "text/event-stream": string;
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_runs_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_runs_id_answers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Answers"];
            };
        };
        responses: {
            /** @description How it stands then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_runs_id_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_runs_id_resend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_scope: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Asked"];
            };
        };
        responses: {
            /** @description The names and filters. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScopeView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_screen: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How they stand. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScreenView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_session_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One's sessions, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_sessions_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The session.
                 * @example s_k3uq
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_set_up_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUpTicket"];
            };
        };
        responses: {
            /** @description Whose. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetUpFor"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_set_up_link_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUpPassword"];
            };
        };
        responses: {
            /** @description Set, and signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetUpState"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUp"];
            };
        };
        responses: {
            /** @description Made, and signed in. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sso: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order of the settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Providers"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_sso_provider_link: {
        parameters: {
            query?: {
                /**
                 * @description A path of ours to go on at; left out: `/`.
                 * @example /connectors
                 */
                return_to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The provider.
                 * @example corp
                 */
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where this browser has to go. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Way"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_sso_provider_start: {
        parameters: {
            query?: {
                /**
                 * @description A path of ours to go on at; left out: `/`.
                 * @example /connectors
                 */
                return_to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The provider.
                 * @example corp
                 */
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the identity provider. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_test_runs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that are still held. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestRunsView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_test_runs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTestRun"];
            };
        };
        responses: {
            /** @description Started; how it stands once it rests. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestRunWithEvents"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_test_runs_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The test run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands, and what has happened. Each value is masked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestRunWithEvents"];
                    "text/event-stream": components["schemas"]["TimelineEvent"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_test_runs_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The test run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_test_runs_id_answers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The test run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Answers"];
            };
        };
        responses: {
            /** @description How it stands then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestRunWithEvents"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_test_runs_id_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The test run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_test_runs_id_resend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The test run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestRunWithEvents"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_test_runs_id_reveal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The test run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Revealing"];
            };
        };
        responses: {
            /** @description The value. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevealedView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One's tokens, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Made; shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeToken"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tokens_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's id.
                 * @example t_k3uq
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_user_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Minted. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description What went wrong, whose fault it is, and what to do. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
