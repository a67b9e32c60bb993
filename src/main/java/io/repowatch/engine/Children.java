package io.repowatch.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** The children of one activity: for each key a chain of which the head runs. An ended chain leaves nothing behind. */
final class Children {
    private final Core core;
    private final Map<StreamKey<?>, Chain> chains = new LinkedHashMap<>();
    private boolean stopped;

    Children(Core core) {
        this.core = core;
    }

    <E> void startInTurn(StreamKey<E> key, Object tag, ActivityFactory<E> factory) {
        Child<E> start;
        synchronized (this) {
            if (stopped) {
                return;
            }
            Chain chain = chains.get(key);
            if (chain != null) {
                chain.append(new Link<>(key, tag, factory));
                return;
            }
            chain = new Chain();
            start = new Child<>(new Link<>(key, tag, factory), chain);
            chain.head = start;
            chains.put(key, chain);
        }
        // Outside the lock: what the start touches may call back.
        core.start(start);
    }

    synchronized boolean dropQueued(StreamKey<?> key, Object tag) {
        Chain chain = chains.get(key);
        return chain != null && chain.drop(tag);
    }

    synchronized boolean idle(StreamKey<?> key) {
        return !chains.containsKey(key);
    }

    void stop(@Nullable Throwable cause) {
        List<Child<?>> heads = new ArrayList<>();
        synchronized (this) {
            stopped = true;
            for (Chain chain : chains.values()) {
                if (chain.head != null) {
                    heads.add(chain.head);
                }
            }
            chains.clear();
        }
        heads.forEach(head -> core.stop(head, cause));
    }

    private record Link<E>(StreamKey<E> key, Object tag, ActivityFactory<E> factory) {}

    private final class Child<E> extends Task<E> {
        final Object tag;

        Child(Link<E> link, Chain chain) {
            super(Children.this.core, link.key(), link.factory(), chain);
            this.tag = link.tag();
        }

        @Override
        boolean exclusive() {
            return false;
        }
    }

    private final class Chain implements CoreSubscriber<Void> {
        private @Nullable Child<?> head;
        private final Queue<Link<?>> queue = new ArrayDeque<>(1);

        void append(Link<?> link) {
            boolean present = head != null && head.tag.equals(link.tag())
                    || queue.stream().anyMatch(queued -> queued.tag().equals(link.tag()));
            if (!present) {
                queue.add(link);
            }
        }

        boolean drop(Object tag) {
            for (Iterator<Link<?>> all = queue.iterator(); all.hasNext(); ) {
                if (all.next().tag().equals(tag)) {
                    all.remove();
                    return true;
                }
            }
            return false;
        }

        @Override
        public void onSubscribe(Subscription subscription) {}

        @Override
        public void onNext(Void none) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {
            Child<?> next;
            synchronized (Children.this) {
                if (stopped || head == null) {
                    return;
                }
                StreamKey<?> key = head.key;
                Link<?> link = queue.poll();
                if (link == null) {
                    chains.remove(key);
                    return;
                }
                next = new Child<>(link, this);
                head = next;
            }
            core.start(next);
        }
    }
}
