/** HDF5 as Keras writes its weights. */
@NullMarked
package dev.murmuration.weights.hdf5;

import org.jspecify.annotations.NullMarked;
