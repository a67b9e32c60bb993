package io.repowatch.observer;

import io.repowatch.id.Vid;

/**
 * What is due in a workflow when its stream is quiet.
 *
 * @param operation what to do
 * @param rule the name of the rule that asks for it
 * @param cause the last event of the workflow that the rule looked at
 * @param why what it does or waits for, in words for an operator
 */
record WorkflowAction(WorkflowOperation operation, String rule, Vid cause, String why) {

    static WorkflowAction waits(String rule, Vid cause, String why) {
        return new WorkflowAction(new WorkflowOperation.Wait(), rule, cause, why);
    }
}
