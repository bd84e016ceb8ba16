package dev.murmuration.photo;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** Image I/O's readers, each selected explicitly and not by what happens to be on the class path, and run under a deadline. */
final class Readers {

    private static final ImageReaderSpi JPEG = ofTheJdk("jpeg");
    private static final ImageReaderSpi PNG = ofTheJdk("png");
    private static final ImageReaderSpi GIF = ofTheJdk("gif");
    private static final ImageReaderSpi WEBP = new WebPImageReaderSpi();

    private Readers() {}

    private static ImageReaderSpi ofTheJdk(String format) {
        Iterator<ImageReaderSpi> readers =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (readers.hasNext()) {
            ImageReaderSpi reader = readers.next();
            if ("java.desktop".equals(reader.getClass().getModule().getName())
                    && Arrays.asList(reader.getFormatNames()).contains(format)) {
                return reader;
            }
        }
        throw new IllegalStateException("this JDK reads no " + format);
    }

    /** Reads the samples of a JPEG before any colour conversion. */
    static Raster jpeg(byte[] bytes, int stepX, int stepY, Deadline deadline) throws IOException {
        return read(JPEG, bytes, stepX, stepY, deadline, ImageReader::readRaster);
    }

    /** Reads the samples of a PNG. */
    static Raster png(byte[] bytes, int stepX, int stepY, Deadline deadline) throws IOException {
        return read(PNG, bytes, stepX, stepY, deadline, Readers::first);
    }

    /** Reads the palette indices of a GIF's first frame. */
    static Raster gif(byte[] bytes, Deadline deadline) throws IOException {
        return read(GIF, bytes, 1, 1, deadline, Readers::first);
    }

    /** Reads the samples of a lossless WebP. */
    static Raster webp(byte[] bytes, Deadline deadline) throws IOException {
        return read(WEBP, bytes, 1, 1, deadline, Readers::first);
    }

    private static Raster first(ImageReader reader, int index, ImageReadParam param) throws IOException {
        return reader.read(index, param).getRaster();
    }

    private interface Read {
        Raster from(ImageReader reader, int index, ImageReadParam param) throws IOException;
    }

    private static Raster read(ImageReaderSpi kind, byte[] bytes, int stepX, int stepY, Deadline deadline, Read read)
            throws IOException {
        ImageReader reader = kind.createReaderInstance();
        CutShort cut = new CutShort();
        try (PhotoStream stream = new PhotoStream(bytes, deadline)) {
            reader.setInput(stream, true, true);
            reader.addIIOReadWarningListener(cut);
            reader.addIIOReadProgressListener(new Watch(deadline));
            ImageReadParam param = reader.getDefaultReadParam();
            param.setSourceSubsampling(stepX, stepY, 0, 0);
            Raster raster = read.from(reader, 0, param);
            deadline.check(); // An aborted reader returns a partial image.
            if (cut.isSeen) {
                throw PhotoException.corrupt("cut short: its image data end early");
            }
            return raster;
        } finally {
            reader.dispose();
        }
    }

    private static final class CutShort implements javax.imageio.event.IIOReadWarningListener {

        private boolean isSeen;

        @Override
        public void warningOccurred(ImageReader reader, String warning) {
            isSeen |= warning.toLowerCase(Locale.ROOT).contains("premature end");
        }
    }

    /** Aborts a reader between two rows. */
    private record Watch(Deadline deadline) implements IIOReadProgressListener {

        @Override
        public void imageProgress(ImageReader reader, float percentage) {
            if (deadline.isOver()) {
                reader.abort();
            }
        }

        @Override
        public void sequenceStarted(ImageReader reader, int minIndex) {}

        @Override
        public void sequenceComplete(ImageReader reader) {}

        @Override
        public void imageStarted(ImageReader reader, int imageIndex) {}

        @Override
        public void imageComplete(ImageReader reader) {}

        @Override
        public void thumbnailStarted(ImageReader reader, int imageIndex, int thumbnailIndex) {}

        @Override
        public void thumbnailProgress(ImageReader reader, float percentage) {}

        @Override
        public void thumbnailComplete(ImageReader reader) {}

        @Override
        public void readAborted(ImageReader reader) {}
    }
}
