package io.repowatch.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map whose versions share structure: a change makes about log2(n) new nodes, whatever n is. So a state
 * can be kept, read by others and gone back to without a copy. A weight-balanced tree: its depth is bounded for every order
 * of insertion and every choice of keys, which hashing is not. May be shared.
 */
final class PersistentMap<K extends Comparable<? super K>, V> {
    /** No side of a node is heavier than this many times the other; with {@link #SINGLE} the pair that is known to hold. */
    private static final int HEAVY = 3;

    private static final int SINGLE = 2;

    final @Nullable Node<K, V> root;

    static final class Node<K, V> {
        final K key;
        final V value;
        final @Nullable Node<K, V> left;
        final @Nullable Node<K, V> right;
        final int size;

        Node(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.size = 1 + count(left) + count(right);
        }
    }

    private PersistentMap(@Nullable Node<K, V> root) {
        this.root = root;
    }

    static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return new PersistentMap<>(null);
    }

    int size() {
        return count(root);
    }

    @Nullable
    V get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    boolean containsKey(K key) {
        return get(key) != null;
    }

    PersistentMap<K, V> put(K key, V value) {
        return new PersistentMap<>(put(root, key, value));
    }

    PersistentMap<K, V> remove(K key) {
        return containsKey(key) ? new PersistentMap<>(remove(root, key)) : this;
    }

    /** Shows the entries from {@code from} on, in order, until the visitor says false. */
    void visitFrom(K from, BiPredicate<K, V> visitor) {
        visit(root, from, visitor);
    }

    private List<Map.Entry<K, V>> entries() {
        List<Map.Entry<K, V>> entries = new ArrayList<>(size());
        Node<K, V> first = root == null ? null : first(root);
        if (first != null) {
            visitFrom(first.key, (key, value) -> entries.add(Map.entry(key, value)));
        }
        return entries;
    }

    /** Equal if the entries are, whatever the shape of the trees. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PersistentMap<?, ?> map
                && (map == this || entries().equals(map.entries()));
    }

    @Override
    public int hashCode() {
        return entries().hashCode();
    }

    @Override
    public String toString() {
        return entries().toString();
    }

    private static <K extends Comparable<? super K>, V> boolean visit(
            @Nullable Node<K, V> node, K from, BiPredicate<K, V> visitor) {
        if (node == null) {
            return true;
        }
        int order = from.compareTo(node.key);
        return (order >= 0 || visit(node.left, from, visitor))
                && (order > 0 || visitor.test(node.key, node.value))
                && visit(node.right, from, visitor);
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> put(@Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(node.key, value, node.left, node.right);
        }
        return order < 0
                ? balanced(node, put(node.left, key, value), node.right)
                : balanced(node, node.left, put(node.right, key, value));
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balanced(node, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node, node.left, remove(node.right, key));
        }
        if (node.left == null) {
            return node.right;
        }
        return node.right == null ? node.left : balanced(first(node.right), node.left, withoutFirst(node.right));
    }

    private static <K, V> Node<K, V> first(Node<K, V> node) {
        Node<K, V> first = node;
        while (first.left != null) {
            first = first.left;
        }
        return first;
    }

    private static <K, V> @Nullable Node<K, V> withoutFirst(Node<K, V> node) {
        return node.left == null ? node.right : balanced(node, withoutFirst(node.left), node.right);
    }

    /** The entry of {@code middle} above two trees of which one may have grown or shrunk by one. */
    private static <K, V> Node<K, V> balanced(
            Node<K, V> middle, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        int lefts = count(left);
        int rights = count(right);
        if (lefts + rights > 1) {
            if (right != null && rights > HEAVY * lefts) {
                return leaningLeft(middle, left, right);
            }
            if (left != null && lefts > HEAVY * rights) {
                return leaningRight(middle, left, right);
            }
        }
        return join(middle, left, right);
    }

    private static <K, V> Node<K, V> leaningLeft(Node<K, V> middle, @Nullable Node<K, V> left, Node<K, V> right) {
        Node<K, V> inner = right.left;
        if (inner == null || inner.size < SINGLE * count(right.right)) {
            return join(right, join(middle, left, inner), right.right);
        }
        return join(inner, join(middle, left, inner.left), join(right, inner.right, right.right));
    }

    private static <K, V> Node<K, V> leaningRight(Node<K, V> middle, Node<K, V> left, @Nullable Node<K, V> right) {
        Node<K, V> inner = left.right;
        if (inner == null || inner.size < SINGLE * count(left.left)) {
            return join(left, left.left, join(middle, inner, right));
        }
        return join(inner, join(left, left.left, inner.left), join(middle, inner.right, right));
    }

    private static <K, V> Node<K, V> join(Node<K, V> middle, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        return new Node<>(middle.key, middle.value, left, right);
    }

    private static int count(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }
}
