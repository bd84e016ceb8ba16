package dev.murmuration.shard;

import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** A file of a sample by its name in the tar: the key of the sample up to the first dot, as WebDataset splits it, then the extension. */
record SampleFile(String key, String extension) {

    /** @throws IOException if the name holds characters that nobody sees: it would be printed, and break lines */
    static boolean is(TarArchiveEntry entry) throws IOException {
        if (entry.getName().chars().anyMatch(SampleFile::isHidden)) {
            throw new IOException("a file whose name holds control characters");
        }
        return !entry.isDirectory() && entry.getName().indexOf('.') >= 0;
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    static SampleFile of(TarArchiveEntry entry) {
        int dot = entry.getName().indexOf('.');
        return new SampleFile(entry.getName().substring(0, dot), entry.getName().substring(dot + 1));
    }
}
