"""A GraphQL API that ariadne answers for: its own reading of texts, variables, types and errors.

    graphql_server.py     prints its port

A token is good until `forget` is asked for; then every field says UNAUTHENTICATED, in a reply of 200.
"""

import contextlib
import secrets
import wsgiref.simple_server

from ariadne import MutationType, QueryType, format_error, make_executable_schema
from ariadne.wsgi import GraphQL
from graphql import GraphQLError

TYPES = """
enum Genre { POETRY PROSE }
input BookChoice { id: ID!, note: String }
type Book { id: ID!, title: String! }
type Session { token: String!, reader: String! }
type Order { id: ID! }
type Query {
  reader: String!
  books(genre: Genre, first: Int, shop: ID!): [Book!]!
}
type Mutation {
  login(name: String!, password: String!): Session!
  order(book: BookChoice!, copies: Int!): Order!
}
"""
PASSWORD = "graphql-Pass1"
SHELF = [("1", "Duino Elegies", "POETRY"), ("2", "Effi Briest", "PROSE"), ("3", "The Waste Land", "POETRY")]
alive = set()
query, mutation = QueryType(), MutationType()


def known(info):
    token = info.context["HTTP_AUTHORIZATION"].removeprefix("Bearer ") if "HTTP_AUTHORIZATION" in info.context else None
    if token not in alive:
        raise GraphQLError("The session is over.", extensions={"code": "UNAUTHENTICATED"})


@query.field("reader")
def reader(_, info):
    known(info)
    return "ana"


@query.field("books")
def books(_, info, shop, genre=None, first=10):
    known(info)
    if shop != "main":
        raise GraphQLError("There is no such shop.", extensions={"code": "BAD_USER_INPUT"})
    found = [{"id": id, "title": title} for id, title, kind in SHELF if genre in (None, kind)]
    return found[:first]


@mutation.field("login")
def login(_, __, name, password):
    if (name, password) != ("ana", PASSWORD):
        raise GraphQLError("The bookshop does not know this name and password.", extensions={"code": "FORBIDDEN"})
    token = secrets.token_urlsafe(24)
    alive.add(token)
    return {"token": token, "reader": name}


@mutation.field("order")
def order(_, info, book, copies):
    known(info)
    if book["id"] == "9":
        raise GraphQLError("There is no such book.", extensions={"code": "NOT_FOUND"})
    return {"id": f"{book['id']}x{copies}"}


def application(environ, respond):
    if environ["PATH_INFO"] == "/forget":
        alive.clear()
        respond("204 No Content", [])
        return [b""]
    if environ["PATH_INFO"] != "/graphql":
        respond("404 Not Found", [])
        return [b""]
    return answers(environ, respond)


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_):
        pass


answers = GraphQL(
    make_executable_schema(TYPES, query, mutation),
    context_value=lambda environ, _: environ,
    error_formatter=format_error,
)
with contextlib.suppress(KeyboardInterrupt), wsgiref.simple_server.make_server(
    "127.0.0.1", 0, application, handler_class=Quiet
) as server:
    print(server.server_port, flush=True)
    server.serve_forever()
