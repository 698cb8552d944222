using Fairlead.Tailscale;

namespace Fairlead.Operator.Identity;

/// <summary>The operator's own tailnet, and no other.</summary>
public sealed class OwnTailnet(TailscaleClient own) : ITailnetClients
{
    public TailscaleClient For(string tailnet) => tailnet.Length == 0
        ? own
        : throw new TailnetUnavailableException($"Tailnet \"{tailnet}\" does not exist or is not ready; see its conditions");
}
