/** The HTTP server: {@link evy.web.WebServer} and what its apps get and give. */
@NullMarked
package evy.web;

import org.jspecify.annotations.NullMarked;
