using Fairlead.Tailscale;

namespace Fairlead.Operator.Identity;

/// <summary>The clients of the tailnets that objects may name.</summary>
public interface ITailnetClients
{
    /// <summary>What an observer puts into a snapshot: whether an object on the tailnet can be worked on, and the login server of its devices.</summary>
    /// <param name="tailnet">Name of a Tailnet object; empty for the operator's own tailnet.</param>
    TailnetChoice Choose(string tailnet);

    /// <summary>Not to be kept: a later call gives another one once the Tailnet or its credentials have changed.</summary>
    /// <param name="tailnet">Name of a Tailnet object; empty for the operator's own tailnet.</param>
    /// <exception cref="TailnetUnavailableException">There is no such Tailnet, or it is not ready.</exception>
    TailscaleClient For(string tailnet);
}
