using System.Net;

namespace Fairlead.TailnetNodes;

/// <param name="At">Where to listen on the tailnet: a port, <c>address:port</c> or <c>svc:name:port</c>.</param>
/// <param name="Target">Where connections go on this machine.</param>
/// <param name="Tls">Whether TLS ends here, with the node's certificate.</param>
internal sealed record ServeOptions(string At, IPEndPoint Target, bool Tls);
