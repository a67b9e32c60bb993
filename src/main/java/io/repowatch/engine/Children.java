package io.repowatch.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children of one activity: for each key a chain of which the head runs. An ended chain leaves nothing behind. A parent
 * may have a million children, so the heads stand in a bare array: open addressing with linear probing, placed by entity.
 *
 * <p>If the parent quits, the children live on; the children of the grandparent adopt them, to stop them when their own
 * parent is stopped.
 */
final class Children {
    private static final int SMALLEST = 4;

    final Core core;
    private final @Nullable Children heir;
    private @Nullable ChildTask<?>[] heads = new ChildTask<?>[SMALLEST];
    private int size;
    private boolean stopped;
    private boolean orphaned;
    private @Nullable List<Children> adopted;

    Children(Core core, @Nullable Children heir) {
        this.core = core;
        this.heir = heir;
    }

    <E> void startInTurn(StreamKey<E> key, Object tag, ActivityFactory<E> factory) {
        ChildTask<E> child = new ChildTask<>(this, key, tag, factory);
        if (append(child)) {
            // Outside the lock: what the start touches may call back.
            core.start(child);
        }
    }

    /** Puts the child into its chain; true if it is the head and has to be started. */
    private synchronized boolean append(ChildTask<?> child) {
        if (stopped) {
            return false;
        }
        ChildTask<?> link = heads[find(child.key)];
        if (link == null) {
            insert(child);
            if (size == 1 && orphaned && heir != null) {
                heir.adopt(this);
            }
            return true;
        }
        while (!link.tag.equals(child.tag)) {
            if (link.next == null) {
                link.next = child;
                return false;
            }
            link = link.next;
        }
        return false;
    }

    synchronized boolean dropQueued(StreamKey<?> key, Object tag) {
        ChildTask<?> link = heads[find(key)];
        while (link != null && link.next != null) {
            if (link.next.tag.equals(tag)) {
                link.next = link.next.next;
                return true;
            }
            link = link.next;
        }
        return false;
    }

    synchronized boolean idle(StreamKey<?> key) {
        return heads[find(key)] == null;
    }

    /** The head of a chain has quit: starts the next link. */
    void ended(ChildTask<?> head) {
        ChildTask<?> next = advance(head);
        if (next != null) {
            core.start(next);
        }
    }

    private synchronized @Nullable ChildTask<?> advance(ChildTask<?> head) {
        int place = find(head.key);
        if (heads[place] != head) {
            return null;
        }
        ChildTask<?> next = head.next;
        if (next != null) {
            heads[place] = next;
            return next;
        }
        delete(place);
        if (isIdle() && orphaned && heir != null) {
            heir.release(this);
        }
        return null;
    }

    /** Stops all chains, and for the future every start. */
    void stop() {
        List<ChildTask<?>> running = new ArrayList<>();
        List<Children> orphans = new ArrayList<>();
        synchronized (this) {
            stopped = true;
            for (ChildTask<?> head : heads) {
                if (head != null) {
                    running.add(head);
                }
            }
            heads = new ChildTask<?>[SMALLEST];
            size = 0;
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

    private boolean isIdle() {
        return size == 0 && adopted == null;
    }

    /** Takes the children of a child that has quit; false if these here are stopped. Locks go from child to parent only. */
    private synchronized boolean adopt(Children orphans) {
        if (stopped) {
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
        }
    }

    /** The slot of the chain on this key, or the free one where it belongs. */
    private int find(StreamKey<?> key) {
        int mask = heads.length - 1;
        int i = EntityTable.home(key.entity(), mask);
        while (true) {
            ChildTask<?> head = heads[i];
            if (head == null || head.key.equals(key)) {
                return i;
            }
            i = i + 1 & mask;
        }
    }

    private void insert(ChildTask<?> child) {
        if ((size + 1) * 4 > heads.length * 3) {
            @Nullable ChildTask<?>[] old = heads;
            heads = new ChildTask<?>[old.length * 2];
            for (ChildTask<?> head : old) {
                if (head != null) {
                    heads[find(head.key)] = head;
                }
            }
        }
        heads[find(child.key)] = child;
        size++;
    }

    /** Frees a slot and moves up those behind it that would not be found any more. */
    private void delete(int place) {
        int mask = heads.length - 1;
        heads[place] = null;
        size--;
        for (int i = place + 1 & mask; ; i = i + 1 & mask) {
            ChildTask<?> head = heads[i];
            if (head == null) {
                return;
            }
            heads[i] = null;
            heads[find(head.key)] = head;
        }
    }
}
