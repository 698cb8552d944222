using Fairlead.Tailscale;

namespace Fairlead.Operator.Identity;

/// <summary>The clients of the tailnets that objects may name.</summary>
public interface ITailnetClients
{
    /// <param name="tailnet">Name of a Tailnet object; empty for the operator's own tailnet.</param>
    /// <exception cref="TailnetUnavailableException">There is no such Tailnet, or it is not ready.</exception>
    TailscaleClient For(string tailnet);
}
