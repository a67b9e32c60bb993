package io.repowatch.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a command that is about a workflow prints: which one, and how far it is.
 *
 * @param workflow the workflow
 * @param kind what kind it is, such as {@code move-repo}
 * @param repo the repo it is about, null if none
 * @param state how far it is, one word
 * @param message more words, empty for none
 */
record WorkflowReport(UUID workflow, String kind, @Nullable UUID repo, String state, String message) {

    /** The kind of a move of a repo. */
    static final String MOVE_REPO = "move-repo";

    /** The kind of a move of a shadow. */
    static final String MOVE_SHADOW = "move-shadow";

    void print(ClientOptions client, Terminal terminal) {
        if (client.json()) {
            terminal.out().println(WireJson.of(json()));
            return;
        }
        terminal.table(
                List.of("WORKFLOW", "KIND", "REPO", "STATE"),
                List.of(List.of(workflow.toString(), kind, repo == null ? "" : repo.toString(), state)));
        if (!message.isEmpty()) {
            terminal.line(message);
        }
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("workflow", workflow.toString());
        json.put("kind", kind);
        if (repo != null) {
            json.put("repo", repo.toString());
        }
        json.put("state", state);
        if (!message.isEmpty()) {
            json.put("message", message);
        }
        return json;
    }
}
