package io.repowatch.observer;

import io.repowatch.id.Vid;
import org.jspecify.annotations.Nullable;

/**
 * A freeze or unfreeze as its history and this process have it. Immutable.
 *
 * @param history what the events say
 * @param local what this process has done
 */
record FreezeState(History history, Local local) {

    /** No event has told a status code. */
    static final int NO_CODE = -1;

    static final FreezeState INITIAL =
            new FreezeState(new History(Vid.EPOCH, null, false, NO_CODE, NO_CODE, false), Local.NOTHING);

    /**
     * What the events say.
     *
     * @param tail the last event folded
     * @param request what the first event asks for; null before it, or if it is malformed
     * @param files whether the files may be touched
     * @param filesCode how the files ended, {@link #NO_CODE} before
     * @param code how the workflow ended, {@link #NO_CODE} before
     * @param over whether the workflow is over
     */
    record History(Vid tail, @Nullable FreezeRequest request, boolean files, int filesCode, int code, boolean over) {

        History at(Vid event) {
            return new History(event, request, files, filesCode, code, over);
        }

        History with(FreezeRequest asked) {
            return new History(tail, asked, files, filesCode, code, over);
        }

        History filesBegun() {
            return new History(tail, request, true, filesCode, code, over);
        }

        History filesEnded(int status) {
            return new History(tail, request, files, status, code, over);
        }

        History ended(int status) {
            return new History(tail, request, files, filesCode, status, over);
        }

        History committed() {
            return new History(tail, request, files, filesCode, code, true);
        }

        boolean failed() {
            return code > 0 || filesCode > 0;
        }
    }

    /**
     * What this process has done.
     *
     * @param enabled whether the repo was seen enabled since the last failure
     * @param done whether the files are done
     * @param undone whether there is nothing more to give back
     * @param failures how many attempts at the files have failed
     * @param undoFailures how many attempts to give back have failed
     * @param abort why the files are given up, empty if they are not
     */
    record Local(boolean enabled, boolean done, boolean undone, int failures, int undoFailures, String abort) {

        static final Local NOTHING = new Local(false, false, false, 0, 0, "");

        Local seenEnabled() {
            return new Local(true, done, undone, failures, undoFailures, abort);
        }

        Local filesDone() {
            return new Local(enabled, true, undone, failures, undoFailures, abort);
        }

        Local allUndone() {
            return new Local(enabled, done, true, failures, undoFailures, abort);
        }

        Local failedOnce() {
            return new Local(false, done, undone, failures + 1, undoFailures, abort);
        }

        Local undoFailedOnce() {
            return new Local(enabled, done, undone, failures, undoFailures + 1, abort);
        }

        Local givingUp(String reason) {
            return new Local(enabled, done, undone, failures, undoFailures, reason);
        }
    }

    FreezeState with(History now) {
        return new FreezeState(now, local);
    }

    FreezeState with(Local now) {
        return new FreezeState(history, now);
    }
}
