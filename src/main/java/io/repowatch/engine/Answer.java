package io.repowatch.engine;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** The answer of a callback that was not there at once. Where it comes is its own business: it only tells the turn. */
final class Answer implements CoreSubscriber<Step> {
    private static final AtomicReferenceFieldUpdater<Answer, Subscription> ASKED =
            AtomicReferenceFieldUpdater.newUpdater(Answer.class, Subscription.class, "asked");

    final Call call;
    private final Turn<?> turn;

    @SuppressWarnings("UnusedVariable")
    private volatile @Nullable Subscription asked;

    private Step step = Step.Next.INSTANCE;
    private @Nullable Throwable error;
    private volatile boolean there;

    Answer(Turn<?> turn, Call call) {
        this.turn = turn;
        this.call = call;
    }

    boolean isThere() {
        return there;
    }

    /** What the callback wants next, once the answer is there. */
    Step step() {
        return step;
    }

    /** Why the callback failed; null if it did not. */
    @Nullable
    Throwable error() {
        return error;
    }

    /** Cancels the callback, also one that begins later. */
    void cancel() {
        Operators.terminate(ASKED, this);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.setOnce(ASKED, this, subscription)) {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Step value) {
        if (!there) {
            step = value;
            arrive();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (there) {
            Operators.onErrorDropped(failure, currentContext());
            return;
        }
        error = failure;
        arrive();
    }

    @Override
    public void onComplete() {
        if (!there) {
            arrive();
        }
    }

    private void arrive() {
        there = true;
        turn.news();
    }
}
