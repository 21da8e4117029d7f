"use strict";

const element = React.createElement;
const root = document.getElementById("graphiql");
window.__webpack_nonce__ = root.dataset.nonce;
const questions = JSON.parse(root.dataset.questions);
const address = new URL(window.location.href);
const asked = Object.fromEntries(address.searchParams);
const endpoint = address.origin + address.pathname;

const link = ({ title, ...asked }) => address.pathname + "?" + new URLSearchParams(asked);

const readyQuestions = {
  title: "Ready questions",
  icon: () =>
    element(
      "svg",
      { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeWidth: 1.5 },
      element("circle", { cx: 12, cy: 12, r: 10 }),
      element("path", { d: "M9 9.5a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 1.8v.5" }),
      element("circle", { cx: 12, cy: 17.2, r: 0.4 }),
    ),
  content: () =>
    element(
      "div",
      null,
      element("div", { className: "graphiql-doc-explorer-title" }, "Ready questions"),
      element(
        "ul",
        { className: "questions" },
        questions.map((question) =>
          element("li", { key: question.title }, element("a", { href: link(question) }, question.title)),
        ),
      ),
    ),
};

const remember = (name) => (value) => {
  if (value) {
    address.searchParams.set(name, value);
  } else {
    address.searchParams.delete(name);
  }
  window.history.replaceState(null, "", address);
};

ReactDOM.createRoot(root).render(
  element(GraphiQL, {
    fetcher: GraphiQL.createFetcher({
      url: endpoint,
      subscriptionUrl: endpoint.replace(/^http/, "ws"),
    }),
    query: asked.query,
    variables: asked.variables,
    operationName: asked.operationName,
    defaultQuery: questions.at(-1).query,
    plugins: [readyQuestions],
    visiblePlugin: readyQuestions,
    onEditQuery: remember("query"),
    onEditVariables: remember("variables"),
    onEditOperationName: remember("operationName"),
    shouldPersistHeaders: false,
  }),
);
