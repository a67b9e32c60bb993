package io.repowatch.storage;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Copies and compares what files hold. For one thread. */
final class FileContent {
    private static final int BUFFER = 1 << 20;

    private final byte[] one = new byte[BUFFER];
    private final byte[] other = new byte[BUFFER];
    private final BooleanSupplier stopped;

    FileContent(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    /** Copies to an empty file; holes stay holes. On disk when it returns. */
    void copy(Handle from, Handle to, long size) throws IOException {
        long at = nextData(from, 0, size);
        while (at >= 0 && at < size) {
            long end = nextHole(from, at, size);
            while (at < end) {
                requireGoing();
                int read = from.read(one, (int) Math.min(BUFFER, end - at), at);
                if (read == 0) {
                    // It has become shorter; the next pass sees that.
                    break;
                }
                to.write(one, read, at);
                at += read;
            }
            if (at < end) {
                break;
            }
            at = nextData(from, at, size);
        }
        to.truncate(size);
        to.sync();
        to.forget();
    }

    private static long nextData(Handle file, long at, long size) throws Errno {
        try {
            return at >= size ? -1 : file.nextData(at);
        } catch (Errno e) {
            return withoutHoles(e, at);
        }
    }

    private static long nextHole(Handle file, long at, long size) throws Errno {
        try {
            return Math.min(size, file.nextHole(at));
        } catch (Errno e) {
            return withoutHoles(e, size);
        }
    }

    private static long withoutHoles(Errno e, long answer) throws Errno {
        if (e.is(Errno.EINVAL, Errno.EOPNOTSUPP)) {
            return answer;
        }
        throw e;
    }

    /** Whether both hold the same bytes. */
    boolean same(Handle a, Handle b, long size) throws IOException {
        for (long at = 0; at < size; ) {
            requireGoing();
            int wanted = (int) Math.min(BUFFER, size - at);
            int read = full(a, one, wanted, at);
            if (read != wanted || full(b, other, wanted, at) != wanted) {
                return false;
            }
            if (!Arrays.equals(one, 0, wanted, other, 0, wanted)) {
                return false;
            }
            at += wanted;
        }
        return true;
    }

    private int full(Handle file, byte[] buffer, int wanted, long offset) throws Errno {
        int done = file.read(buffer, wanted, offset);
        int last = done;
        while (done < wanted && last > 0) {
            byte[] rest = new byte[wanted - done];
            last = file.read(rest, rest.length, offset + done);
            System.arraycopy(rest, 0, buffer, done, last);
            done += last;
        }
        return done;
    }

    private void requireGoing() {
        if (stopped.getAsBoolean()) {
            throw new CancellationException("the copy was cancelled");
        }
    }
}
