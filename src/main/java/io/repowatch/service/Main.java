package io.repowatch.service;

public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
