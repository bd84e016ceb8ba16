package dev.murmuration.shard;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** A file of a sample by its name in the tar: the key of the sample up to the first dot, as WebDataset splits it, then the extension. */
record SampleFile(String key, String extension) {

    static boolean is(TarArchiveEntry entry) {
        return !entry.isDirectory() && entry.getName().indexOf('.') >= 0;
    }

    static SampleFile of(TarArchiveEntry entry) {
        int dot = entry.getName().indexOf('.');
        return new SampleFile(entry.getName().substring(0, dot), entry.getName().substring(dot + 1));
    }
}
