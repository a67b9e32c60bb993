package io.repowatch.archfixture.observer;

final class Prints {
    static void out() {
        System.out.println("hello");
    }

    static void err() {
        System.err.println("hello");
    }

    static void trace(Exception error) {
        error.printStackTrace();
    }
}
