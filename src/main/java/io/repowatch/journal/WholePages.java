package io.repowatch.journal;

import java.util.List;

/** Pages, each as one element. */
final class WholePages<T> implements Pages<List<T>> {
    private final Pages<T> pages;

    WholePages(Pages<T> pages) {
        this.pages = pages;
    }

    @Override
    public List<List<T>> next() {
        List<T> page = pages.next();
        return page.isEmpty() ? List.of() : List.of(page);
    }

    @Override
    public boolean finished() {
        return pages.finished();
    }
}
