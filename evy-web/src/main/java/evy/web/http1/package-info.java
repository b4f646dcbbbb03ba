/** HTTP/1.1 on the wire: reading and writing messages. Knows nothing of servers and apps. */
@NullMarked
package evy.web.http1;

import org.jspecify.annotations.NullMarked;
