package dev.murmuration.crawler.photo;

import dev.murmuration.photo.EncodedPhoto;
import dev.murmuration.photo.Format;
import dev.murmuration.photo.Limits;
import dev.murmuration.photo.Photo;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.photo.PhotoException;
import io.github.humbleui.skija.Bitmap;
import io.github.humbleui.skija.Codec;
import io.github.humbleui.skija.Data;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/** What the steps of an inspection cost one thread, and decoders side by side. */
public final class PixelBench {

    private PixelBench() {}

    private interface Step {
        Object run(byte[] photo) throws Exception;
    }

    /** Measures and prints. */
    public static void print(Path folder, int count) throws Exception {
        List<byte[]> photos = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (decodes(bytes)) {
                    photos.add(bytes);
                }
            }
        }
        ImageReader jdk = jdkReader();
        System.out.printf(Locale.ROOT, "%-44s %9s %12s %8s%n", "", "ms CPU", "photos/s/core", "ratio");
        double base = row("decode: JDK's Image I/O", photos, count, 0, bytes -> {
            jdk.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
            return jdk.read(0);
        });
        PhotoDecoder ours = new PhotoDecoder(Limits.pixels(40_000_000));
        row("decode: libs/photo (ours)", photos, count, base, ours::decode);
        row("decode: Skia's codecs by Skija", photos, count, base, PixelBench::skija);
        row("luminance and PDQ, decoding besides", photos, count, base, bytes -> Pdq.of(Luma.of(picture)));
        System.out.println();
    }

    private static final Photo picture = Photo.of(648, 486, new byte[3 * 648 * 486]);

    private static boolean decodes(byte[] bytes) {
        try {
            EncodedPhoto photo = new PhotoDecoder(Limits.pixels(40_000_000)).open(bytes);
            return photo.header().format() == Format.JPEG && photo.decode().width() > 0;
        } catch (PhotoException e) {
            return false;
        }
    }

    private static Object skija(byte[] bytes) {
        try (Data data = Data.makeFromBytes(bytes);
                Codec codec = Codec.makeFromData(data);
                Bitmap bitmap = new Bitmap()) {
            bitmap.allocPixels(codec.getImageInfo());
            codec.readPixels(bitmap);
            return bitmap.readPixels();
        }
    }

    private static ImageReader jdkReader() {
        for (Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg"); readers.hasNext(); ) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.")) {
                return reader;
            }
        }
        throw new IllegalStateException("the JDK reads no JPEG");
    }

    @SuppressWarnings("UnusedVariable") // written so that the compiler cannot leave the work out
    private static volatile @Nullable Object sink;

    private static double row(String name, List<byte[]> photos, int count, double base, Step step) throws Exception {
        all(photos, count / 2, step);
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        all(photos, count, step);
        double each = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9 / count;
        System.out.printf(
                Locale.ROOT, "%-44s %9.3f %12.0f %7.2f x%n", name, each * 1e3, 1 / each, base == 0 ? 1 : base / each);
        return each;
    }

    private static void all(List<byte[]> photos, int count, Step step) throws Exception {
        for (int i = 0; i < count; i++) {
            sink = step.run(photos.get(i % photos.size()));
        }
    }
}
