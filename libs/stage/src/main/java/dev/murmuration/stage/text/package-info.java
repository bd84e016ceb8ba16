/** Words of strangers in files and on screens that people open: they stay words. */
@NullMarked
package dev.murmuration.stage.text;

import org.jspecify.annotations.NullMarked;
