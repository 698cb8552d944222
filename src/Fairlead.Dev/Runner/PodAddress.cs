using System.Net;

namespace Fairlead.Dev.Runner;

/// <param name="Pod">The Pod's own loopback address.</param>
/// <param name="Node">The node's.</param>
internal sealed record PodAddress(IPAddress Pod, IPAddress Node);
