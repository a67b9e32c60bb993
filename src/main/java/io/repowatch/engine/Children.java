package io.repowatch.engine;

import io.repowatch.id.CompactMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The children of one activity: for each key a chain of which the head runs. An ended chain leaves nothing behind. A parent
 * may have a million children.
 *
 * <p>If the parent quits, the children live on; the children of the grandparent adopt them, to stop them when their own
 * parent is stopped.
 */
final class Children {
    private static final Deque<ChildTask<?>> NOBODY = new ArrayDeque<>(0);

    final Core core;
    private final @Nullable Children heir;
    private final CompactMap<StreamKey<?>, ChildTask<?>> heads = new CompactMap<>(head -> head.key, StreamKey::entity);

    /** Behind the heads; of few keys, so it is not a field of each child. */
    private final Map<StreamKey<?>, Deque<ChildTask<?>>> queued = new HashMap<>();

    private ChildTask.@Nullable Kind<?> newest;
    private boolean stopped;
    private boolean orphaned;
    private @Nullable List<Children> adopted;

    Children(Core core, @Nullable Children heir) {
        this.core = core;
        this.heir = heir;
    }

    <E> void startInTurn(StreamKey<E> key, Object tag, ActivityFactory<E> factory) {
        ChildTask<E> child = new ChildTask<>(kind(tag, factory), key);
        if (append(child)) {
            // Outside the lock: what the start touches may call back.
            core.start(child);
        }
    }

    /** The kind of the child before, if this one is of the same. */
    @SuppressWarnings("unchecked") // the same factory makes the same type
    private synchronized <E> ChildTask.Kind<E> kind(Object tag, ActivityFactory<E> factory) {
        ChildTask.Kind<?> last = newest;
        if (last != null && last.tag() == tag && last.factory() == factory) {
            return (ChildTask.Kind<E>) last;
        }
        ChildTask.Kind<E> kind = new ChildTask.Kind<>(this, tag, factory);
        newest = kind;
        return kind;
    }

    /** Puts the child into its chain; true if it is the head and has to be started. */
    private synchronized boolean append(ChildTask<?> child) {
        if (!takesIn()) {
            return false;
        }
        ChildTask<?> head = heads.get(child.key);
        if (head == null) {
            heads.put(child);
            return true;
        }
        if (!head.tag().equals(child.tag())
                && behind(child.key).stream().noneMatch(link -> link.tag().equals(child.tag()))) {
            queued.computeIfAbsent(child.key, key -> new ArrayDeque<>(1)).add(child);
        }
        return false;
    }

    private Deque<ChildTask<?>> behind(StreamKey<?> key) {
        Deque<ChildTask<?>> links = queued.get(key);
        return links == null ? NOBODY : links;
    }

    synchronized boolean dropQueued(StreamKey<?> key, Object tag) {
        for (Iterator<ChildTask<?>> links = behind(key).iterator(); links.hasNext(); ) {
            if (links.next().tag().equals(tag)) {
                links.remove();
                forgetIfEmpty(key);
                return true;
            }
        }
        return false;
    }

    private void forgetIfEmpty(StreamKey<?> key) {
        if (behind(key).isEmpty()) {
            queued.remove(key);
        }
    }

    synchronized List<Object> tags(StreamKey<?> key) {
        List<Object> tags = new ArrayList<>(1);
        ChildTask<?> head = heads.get(key);
        if (head != null) {
            tags.add(head.tag());
            behind(key).forEach(link -> tags.add(link.tag()));
        }
        return tags;
    }

    synchronized boolean idle(StreamKey<?> key) {
        return heads.get(key) == null;
    }

    /** The head of a chain has quit: starts the next link. */
    void ended(ChildTask<?> head) {
        ChildTask<?> next = advance(head);
        if (next != null) {
            core.start(next);
        }
    }

    private synchronized @Nullable ChildTask<?> advance(ChildTask<?> head) {
        if (heads.get(head.key) != head) {
            return null;
        }
        ChildTask<?> next = behind(head.key).poll();
        if (next != null) {
            forgetIfEmpty(head.key);
            heads.put(next);
            return next;
        }
        heads.remove(head.key);
        leaveIfIdle();
        return null;
    }

    /** Stops all chains, and for the future every start. */
    void stop() {
        List<ChildTask<?>> running = new ArrayList<>();
        List<Children> orphans = new ArrayList<>();
        synchronized (this) {
            stopped = true;
            heads.forEach(running::add);
            heads.clear();
            queued.clear();
            if (adopted != null) {
                orphans.addAll(adopted);
                adopted = null;
            }
        }
        running.forEach(head -> core.stop(head, null));
        orphans.forEach(Children::stop);
    }

    /** The parent has quit. */
    void orphan() {
        boolean tooLate = false;
        synchronized (this) {
            orphaned = true;
            if (!isIdle() && heir != null) {
                tooLate = !heir.adopt(this);
            }
        }
        if (tooLate) {
            stop();
        }
    }

    /** Whether nothing runs here, nor in what was adopted. */
    synchronized boolean isIdle() {
        return heads.size() == 0 && adopted == null;
    }

    /** Takes the children of a child that has quit; false if these here are stopped. Locks go from child to parent only. */
    private synchronized boolean adopt(Children orphans) {
        if (!takesIn()) {
            return false;
        }
        if (adopted == null) {
            adopted = new ArrayList<>(1);
        }
        if (!adopted.contains(orphans)) {
            adopted.add(orphans);
        }
        return true;
    }

    private synchronized void release(Children orphans) {
        if (adopted != null && adopted.remove(orphans) && adopted.isEmpty()) {
            adopted = null;
            leaveIfIdle();
        }
    }

    /** Whether anything may come in. An orphan that was idle goes to its heir again, and is stopped if that has been meanwhile. */
    private boolean takesIn() {
        if (orphaned && heir != null && !stopped && isIdle()) {
            stopped = !heir.adopt(this);
        }
        return !stopped;
    }

    /** An orphan with nothing left to stop need not be known to its heir. */
    private void leaveIfIdle() {
        if (orphaned && heir != null && isIdle()) {
            heir.release(this);
        }
    }
}
