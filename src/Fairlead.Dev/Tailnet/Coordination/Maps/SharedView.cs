using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>What is the same for all nodes.</summary>
/// <param name="Rules">The policy.</param>
/// <param name="Services">Addresses of the services by name.</param>
/// <param name="DerpMap">The relays.</param>
/// <param name="HttpsEnabled">May nodes have certificates?</param>
internal sealed record SharedView(
    PolicyRules Rules, IReadOnlyDictionary<string, IReadOnlyList<IPPrefix>> Services, DerpMap DerpMap, bool HttpsEnabled);
