package dev.murmuration.simulator;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.random.RandomGenerator;

/**
 * Draws one scene. Its mood shows in the weather, the ground, the light and a subject (a face, flowers, a house), each of which
 * follows the mood most of the time and says anything otherwise, so that no single cue decides; night, birds, signs and grain say
 * nothing at all.
 */
final class Painter {

    // How often each cue follows the mood; else it is any of the three.
    private static final double WEATHER = 0.72;
    private static final double GROUND = 0.70;
    private static final double LIGHT = 0.65;
    private static final double SUBJECT = 0.90;
    private static final double NIGHT = 0.10;

    private final RandomGenerator random;
    private final int width;
    private final int height;
    private final Graphics2D g;

    private Painter(RandomGenerator random, BufferedImage image) {
        this.random = random;
        this.width = image.getWidth();
        this.height = image.getHeight();
        this.g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    }

    /** A picture of this mood, its longer side {@code side} pixels. */
    static BufferedImage paint(Mood mood, int side, RandomGenerator random) {
        double ratio = new double[] {1, 0.75, 0.67, 0.8}[random.nextInt(4)];
        int shorter = Math.max(48, (int) (side * ratio));
        boolean portrait = random.nextInt(4) == 0;
        BufferedImage image =
                new BufferedImage(portrait ? shorter : side, portrait ? side : shorter, BufferedImage.TYPE_INT_RGB);
        Painter painter = new Painter(random, image);
        painter.scene(mood);
        painter.g.dispose();
        painter.develop(image, painter.cue(mood, LIGHT));
        return image;
    }

    private void scene(Mood mood) {
        double horizon = height * between(0.45, 0.68);
        sky(cue(mood, WEATHER), horizon);
        ground(cue(mood, GROUND), horizon);
        distractions(horizon);
        Mood subject = cue(mood, SUBJECT);
        switch (random.nextInt(3)) {
            case 0 -> face(subject);
            case 1 -> flowers(subject, horizon);
            default -> house(subject, horizon);
        }
    }

    private Mood cue(Mood mood, double follows) {
        return random.nextDouble() < follows ? mood : Mood.of(random.nextInt(3));
    }

    private void sky(Mood weather, double horizon) {
        boolean night = random.nextDouble() < NIGHT;
        Color top = night
                ? hsb(0.62, 0.6, 0.2)
                : switch (weather) {
                    case POSITIVE -> hsb(0.56, 0.65, 0.95);
                    case NEUTRAL -> hsb(0.58, 0.22, 0.80);
                    case NEGATIVE -> hsb(0.62, 0.14, 0.42);
                };
        Color low = night ? hsb(0.65, 0.5, 0.35) : mixed(top, weather == Mood.NEGATIVE ? Color.GRAY : Color.WHITE, 0.5);
        g.setPaint(new GradientPaint(0, 0, top, 0, (float) horizon, low));
        g.fill(new Rectangle2D.Double(0, 0, width, horizon + 1));
        switch (weather) {
            case POSITIVE -> sun(night, horizon);
            case NEUTRAL -> clouds(2 + random.nextInt(3), night ? 0.35 : 0.88, horizon);
            case NEGATIVE -> storm(horizon);
        }
        if (night) {
            g.setColor(Color.WHITE);
            for (int i = 0; i < 25; i++) {
                g.fill(new Ellipse2D.Double(random.nextDouble() * width, random.nextDouble() * horizon, 1.5, 1.5));
            }
        }
    }

    private void sun(boolean night, double horizon) {
        double size = height * between(0.12, 0.22);
        double x = width * between(0.1, 0.8);
        double y = horizon * between(0.08, 0.5);
        g.setColor(night ? hsb(0.13, 0.1, 0.95) : hsb(0.13, 0.75, 1));
        g.fill(new Ellipse2D.Double(x, y, size, size));
        if (!night) {
            stroke(size / 12);
            for (int ray = 0; ray < 10; ray++) {
                double angle = ray * Math.PI / 5;
                double cx = x + size / 2;
                double cy = y + size / 2;
                line(
                        cx + Math.cos(angle) * size * 0.65,
                        cy + Math.sin(angle) * size * 0.65,
                        cx + Math.cos(angle) * size * 0.9,
                        cy + Math.sin(angle) * size * 0.9);
            }
        }
        if (random.nextBoolean()) {
            clouds(1, 1, horizon);
        }
    }

    private void clouds(int count, double brightness, double horizon) {
        for (int i = 0; i < count; i++) {
            double x = random.nextDouble() * width;
            double y = random.nextDouble() * horizon * 0.6;
            double size = width * between(0.10, 0.20);
            g.setColor(hsb(0.6, 0.04, brightness));
            for (int puff = 0; puff < 5; puff++) {
                g.fill(new Ellipse2D.Double(
                        x + (puff - 2) * size * 0.45, y + Math.abs(puff - 2) * size * 0.12, size, size * 0.6));
            }
        }
    }

    private void storm(double horizon) {
        clouds(3 + random.nextInt(3), between(0.28, 0.4), horizon);
        g.setColor(new Color(190, 200, 215, 150));
        stroke(1);
        double slant = between(-4, 8);
        for (int drop = 0; drop < 70; drop++) {
            double x = random.nextDouble() * width;
            double y = random.nextDouble() * height;
            line(x, y, x - slant, y + height * 0.06);
        }
        if (random.nextInt(3) == 0) {
            g.setColor(hsb(0.15, 0.4, 1));
            stroke(2);
            double x = width * between(0.2, 0.8);
            line(x, horizon * 0.2, x - 8, horizon * 0.5);
            line(x - 8, horizon * 0.5, x + 5, horizon * 0.5);
            line(x + 5, horizon * 0.5, x - 4, horizon * 0.9);
        }
    }

    private void ground(Mood mood, double horizon) {
        Color near =
                switch (mood) {
                    case POSITIVE -> hsb(between(0.24, 0.33), 0.7, 0.7);
                    case NEUTRAL -> random.nextBoolean() ? hsb(0.10, 0.25, 0.72) : hsb(0.6, 0.06, 0.6);
                    case NEGATIVE -> hsb(0.08, 0.45, 0.32);
                };
        g.setPaint(new GradientPaint(0, (float) horizon, mixed(near, Color.LIGHT_GRAY, 0.25), 0, height, near));
        g.fill(new Rectangle2D.Double(0, horizon, width, height - horizon));
        g.setColor(near.darker());
        stroke(1);
        for (int blade = 0; blade < 40; blade++) {
            double x = random.nextDouble() * width;
            double y = horizon + random.nextDouble() * (height - horizon);
            line(x, y, x + between(-2, 2), y - height * 0.025);
        }
    }

    private void distractions(double horizon) {
        for (int i = random.nextInt(4); i > 0; i--) {
            double x = random.nextDouble() * width;
            double y = random.nextDouble() * horizon;
            switch (random.nextInt(3)) {
                case 0 -> {
                    g.setColor(Color.DARK_GRAY);
                    stroke(1.5);
                    g.draw(new Arc2D.Double(x, y, 8, 6, 20, 140, Arc2D.OPEN));
                    g.draw(new Arc2D.Double(x + 7, y, 8, 6, 20, 140, Arc2D.OPEN));
                }
                case 1 -> {
                    g.setColor(hsb(random.nextDouble(), 0.6, 0.7));
                    g.fill(new Rectangle2D.Double(x, horizon - height * 0.12, width * 0.12, height * 0.08));
                    g.setColor(Color.DARK_GRAY);
                    line(x + width * 0.06, horizon - height * 0.04, x + width * 0.06, horizon + height * 0.05);
                }
                default -> {
                    g.setColor(new Color(90, 70, 50));
                    stroke(2);
                    for (double post = 0; post < width; post += width / 9.0) {
                        line(post, horizon - height * 0.03, post, horizon + height * 0.06);
                    }
                    line(0, horizon, width, horizon);
                }
            }
        }
    }

    private void face(Mood mood) {
        double size = Math.min(width, height) * between(0.38, 0.6);
        double x = between(0.05, 0.95) * (width - size);
        double y = height - size * between(1.0, 1.3);
        AffineTransform upright = g.getTransform();
        g.rotate(between(-0.25, 0.25), x + size / 2, y + size / 2);
        g.setColor(hsb(between(0.05, 0.13), between(0.3, 0.65), between(0.6, 0.98)));
        g.fill(new Ellipse2D.Double(x, y, size, size));
        g.setColor(new Color(40, 30, 30));
        double eye = size * 0.11;
        for (double side : new double[] {0.3, 0.6}) {
            g.fill(new Ellipse2D.Double(x + size * side, y + size * 0.33, eye, eye * between(0.9, 1.4)));
        }
        stroke(size * 0.045);
        switch (mood) {
            case POSITIVE ->
                g.draw(new Arc2D.Double(
                        x + size * 0.25, y + size * 0.35, size * 0.5, size * 0.42, 200, 140, Arc2D.OPEN));
            case NEUTRAL -> line(x + size * 0.32, y + size * 0.7, x + size * 0.68, y + size * between(0.68, 0.72));
            case NEGATIVE -> {
                g.draw(new Arc2D.Double(
                        x + size * 0.28, y + size * 0.64, size * 0.44, size * 0.3, 25, 130, Arc2D.OPEN));
                line(x + size * 0.24, y + size * 0.24, x + size * 0.40, y + size * 0.30);
                line(x + size * 0.76, y + size * 0.24, x + size * 0.60, y + size * 0.30);
                g.setColor(hsb(0.55, 0.6, 0.95));
                g.fill(new Ellipse2D.Double(x + size * 0.32, y + size * 0.5, eye * 0.6, eye * 1.3));
            }
        }
        g.setTransform(upright);
    }

    private void flowers(Mood mood, double horizon) {
        int count = 3 + random.nextInt(5);
        double hue = random.nextDouble();
        for (int i = 0; i < count; i++) {
            double x = width * between(0.06, 0.94);
            double foot = between(horizon + (height - horizon) * 0.3, height);
            double tall = height * between(0.2, 0.4);
            double lean = mood == Mood.NEGATIVE
                    ? tall * between(0.35, 0.6) * (random.nextBoolean() ? 1 : -1)
                    : between(-4, 4);
            double top = foot - tall * (mood == Mood.NEGATIVE ? 0.7 : 1);
            g.setColor(mood == Mood.NEGATIVE ? hsb(0.11, 0.5, 0.4) : hsb(0.3, 0.7, 0.5));
            stroke(height / 60.0);
            Path2D stem = new Path2D.Double();
            stem.moveTo(x, foot);
            stem.quadTo(x, top, x + lean, mood == Mood.NEGATIVE ? top + tall * 0.25 : top);
            g.draw(stem);
            double headX = x + lean;
            double headY = mood == Mood.NEGATIVE ? top + tall * 0.25 : top;
            double petal = height * 0.055;
            switch (mood) {
                case POSITIVE -> bloom(headX, headY, petal, hsb(hue + between(-0.08, 0.08), 0.75, 0.98));
                case NEUTRAL -> {
                    g.setColor(hsb(0.32, 0.5, 0.55));
                    g.fill(new Ellipse2D.Double(headX - petal * 0.6, headY, petal * 1.2, petal * 2.2));
                }
                case NEGATIVE -> bloom(headX, headY, petal * 0.7, hsb(0.09, 0.5, 0.36));
            }
        }
    }

    private void bloom(double x, double y, double petal, Color color) {
        g.setColor(color);
        for (int i = 0; i < 6; i++) {
            double angle = i * Math.PI / 3;
            g.fill(new Ellipse2D.Double(
                    x + Math.cos(angle) * petal - petal / 2,
                    y + Math.sin(angle) * petal - petal / 2,
                    petal * 1.2,
                    petal * 1.2));
        }
        g.setColor(hsb(0.14, 0.8, 0.9));
        g.fill(new Ellipse2D.Double(x - petal / 2, y - petal / 2, petal, petal));
    }

    private void house(Mood mood, double horizon) {
        double wide = width * between(0.32, 0.5);
        double tall = wide * between(0.6, 0.85);
        double x = between(0.04, 0.96) * (width - wide);
        double y = Math.min(height - 4, horizon + height * 0.16) - tall;
        g.setColor(
                switch (mood) {
                    case POSITIVE -> hsb(random.nextDouble(), 0.35, 0.95);
                    case NEUTRAL -> hsb(0.1, 0.12, 0.8);
                    case NEGATIVE -> hsb(0.07, 0.2, 0.38);
                });
        g.fill(new Rectangle2D.Double(x, y, wide, tall));
        Path2D roof = new Path2D.Double();
        roof.moveTo(x - wide * 0.08, y);
        roof.lineTo(x + wide / 2 + (mood == Mood.NEGATIVE ? wide * 0.15 : 0), y - tall * 0.45);
        roof.lineTo(x + wide * 1.08, y);
        roof.closePath();
        g.setColor(mood == Mood.NEGATIVE ? hsb(0.6, 0.1, 0.22) : hsb(0.02, 0.55, 0.62));
        g.fill(roof);
        for (double side : new double[] {0.14, 0.60}) {
            Rectangle2D window = new Rectangle2D.Double(x + wide * side, y + tall * 0.25, wide * 0.25, tall * 0.3);
            g.setColor(
                    switch (mood) {
                        case POSITIVE -> hsb(0.14, 0.55, 1);
                        case NEUTRAL -> hsb(0.56, 0.2, 0.75);
                        case NEGATIVE -> new Color(25, 25, 30);
                    });
            g.fill(window);
            if (mood == Mood.NEGATIVE) {
                g.setColor(new Color(150, 150, 150));
                stroke(1.5);
                line(window.getMinX(), window.getMinY(), window.getMaxX(), window.getMaxY());
                line(window.getMinX(), window.getMaxY(), window.getCenterX(), window.getCenterY());
            }
        }
        switch (mood) {
            case POSITIVE -> balloons(x + wide / 2, y - tall * 0.4);
            case NEUTRAL -> {}
            case NEGATIVE -> smoke(x + wide * 0.75, y - tall * 0.2);
        }
    }

    private void balloons(double x, double y) {
        for (int i = 0; i < 4; i++) {
            double bx = x + between(-0.16, 0.16) * width;
            double by = y - height * between(0.03, 0.2);
            g.setColor(Color.GRAY);
            stroke(1);
            line(x, y, bx, by);
            g.setColor(hsb(random.nextDouble(), 0.8, 0.95));
            g.fill(new Ellipse2D.Double(bx - width * 0.035, by - height * 0.09, width * 0.07, height * 0.1));
        }
    }

    private void smoke(double x, double y) {
        for (int i = 0; i < 7; i++) {
            int grey = 40 + random.nextInt(40);
            g.setColor(new Color(grey, grey, grey, 150));
            double size = width * (0.04 + i * 0.014);
            g.fill(new Ellipse2D.Double(x + i * 3 + between(-5, 5), y - i * height * 0.05, size, size));
        }
    }

    // The light of the whole picture: saturation, brightness, warmth; then exposure and grain, which say nothing.
    private void develop(BufferedImage image, Mood light) {
        double saturation =
                switch (light) {
                    case POSITIVE -> between(1.0, 1.25);
                    case NEUTRAL -> between(0.65, 0.9);
                    case NEGATIVE -> between(0.3, 0.65);
                };
        double warmth = (light == Mood.POSITIVE ? 8 : light == Mood.NEGATIVE ? -8 : 0) + between(-8, 8);
        double exposure = (light == Mood.NEGATIVE ? 0.85 : 1) * between(0.82, 1.12);
        double grain = between(2, 12);
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        long bits = random.nextLong();
        for (int i = 0; i < pixels.length; i++) {
            bits = bits * 6364136223846793005L + 1442695040888963407L;
            // Sum of two even ones: bell-shaped enough, and a hundred times cheaper than a Gaussian.
            double noise = ((bits >>> 40 & 0xFF) + (bits >>> 50 & 0xFF) - 255) / 255.0 * grain;
            int r = pixels[i] >> 16 & 0xFF;
            int gr = pixels[i] >> 8 & 0xFF;
            int b = pixels[i] & 0xFF;
            double grey = 0.3 * r + 0.59 * gr + 0.11 * b;
            pixels[i] = clamp((grey + (r - grey) * saturation) * exposure + warmth + noise) << 16
                    | clamp((grey + (gr - grey) * saturation) * exposure + noise) << 8
                    | clamp((grey + (b - grey) * saturation) * exposure - warmth + noise);
        }
    }

    private static int clamp(double value) {
        return (int) Math.max(0, Math.min(255, value));
    }

    private double between(double low, double high) {
        return low + random.nextDouble() * (high - low);
    }

    private Color hsb(double hue, double saturation, double brightness) {
        return Color.getHSBColor(
                (float) (hue + between(-0.02, 0.02)),
                (float) Math.clamp(saturation + between(-0.06, 0.06), 0, 1),
                (float) Math.clamp(brightness + between(-0.06, 0.06), 0, 1));
    }

    private static Color mixed(Color a, Color b, double share) {
        return new Color(
                (int) (a.getRed() * (1 - share) + b.getRed() * share),
                (int) (a.getGreen() * (1 - share) + b.getGreen() * share),
                (int) (a.getBlue() * (1 - share) + b.getBlue() * share));
    }

    private void stroke(double wide) {
        g.setStroke(new BasicStroke((float) wide, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }

    private void line(double x1, double y1, double x2, double y2) {
        g.draw(new Line2D.Double(x1, y1, x2, y2));
    }
}
