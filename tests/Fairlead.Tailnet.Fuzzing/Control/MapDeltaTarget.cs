using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Health;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>Sequences of changes: two bytes are one field of a message, a zero sends it. Reaches what changed JSON seldom does.</summary>
internal sealed class MapDeltaTarget : IFuzzTarget
{
    public string Name => "map-delta";

    public IEnumerable<byte[]> Seeds => [[1, 0, 2, 2, 2, 3, 0, 3, 2, 5, 3, 0, 6, 4, 7, 3, 0, 8, 1, 9, 0, 0, 10, 2, 11, 0, 0, 12, 1, 13, 0, 0], [1, 1, 4, 9, 0, 4, 8, 3, 9, 0]];

    public void Run(ReadOnlySpan<byte> input)
    {
        var maps = new MapSequence();
        var message = new MapResponse();
        for (var i = 0; i < input.Length; i++)
        {
            if (input[i] != 0)
            {
                message = With(message, input[i] % 16, i + 1 < input.Length ? input[i + 1] % 8 : 0);
                i++;
                continue;
            }

            try
            {
                maps.Apply(message);
            }
            catch (NetworkMapException)
            {
            }

            message = new MapResponse();
        }
    }

    // Every message makes a map of its own, which is compared with the one before.
    long IFuzzTarget.AllocationLimit(int inputLength) => (1 << 20) + (64L << 10) * inputLength;

    private static MapResponse With(MapResponse message, int field, int value) => field switch
    {
        1 => message with { Node = new Node { ID = value } },
        2 => message with { Peers = [.. message.Peers ?? [], new Node { ID = value }] },
        3 => message with { PeersRemoved = [.. message.PeersRemoved ?? [], value] },
        4 => message with { PeersChanged = [.. message.PeersChanged ?? [], new Node { ID = value, Capabilities = ["c"] }] },
        5 => message with { PeerSeenChange = new Dictionary<long, bool> { [value] = value % 2 == 0 } },
        6 => message with { OnlineChange = new Dictionary<long, bool> { [value] = value % 2 == 0 } },
        7 => message with { PeersChangedPatch = [.. message.PeersChangedPatch ?? [], new PeerChange { NodeID = value, DERPRegion = value }] },
        8 => message with { PacketFilter = [.. Enumerable.Repeat(new FilterRule(), value)] },
        9 => message with { PacketFilters = new Dictionary<string, IReadOnlyList<FilterRule>?> { [NameOf(value)] = value % 2 == 0 ? null : [new FilterRule()] } },
        10 => message with { DisplayMessages = new Dictionary<string, DisplayMessage?> { [NameOf(value)] = value % 2 == 0 ? null : new DisplayMessage() } },
        11 => message with { DERPMap = new DerpMap { Regions = value == 0 ? null : new Dictionary<int, DerpRegion?> { [value] = value % 2 == 0 ? null : new DerpRegion() } } },
        12 => message with { DERPMap = new DerpMap { HomeParams = new DerpHomeParams { RegionScore = value == 0 ? null : new Dictionary<int, double> { [value] = 1 } } } },
        13 => message with { UserProfiles = [.. message.UserProfiles ?? [], new UserProfile { ID = value }] },
        14 => message with { Health = [.. Enumerable.Repeat("h", value)] },
        15 => message with { Peers = [] },
        _ => message,
    };

    private static string NameOf(int value) => value switch { 0 => FilterRule.AllFilters, 1 => FilterRule.BaseFilter, _ => $"n{value}" };
}
