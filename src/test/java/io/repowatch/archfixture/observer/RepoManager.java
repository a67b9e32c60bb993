package io.repowatch.archfixture.observer;

final class RepoManager {}
