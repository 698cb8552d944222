namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>Hashes flows with a secret, so that a peer that chooses ports cannot crowd one bucket.</summary>
internal sealed class FlowKeyComparer(ulong secret) : IEqualityComparer<FlowKey>
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 divided by the golden ratio: odd, with well mixed bits

    public bool Equals(FlowKey x, FlowKey y) =>
        x.LocalPort == y.LocalPort && x.RemotePort == y.RemotePort && x.Remote == y.Remote && x.Local == y.Local;

    public int GetHashCode(FlowKey obj)
    {
        var hash = Mix(secret ^ obj.Remote.Low, obj.Remote.High ^ Multiplier);
        hash = Mix(hash ^ obj.Local.Low, obj.Local.High ^ Multiplier);
        hash = Mix(hash ^ ((uint)obj.LocalPort << 16 | obj.RemotePort), secret | 1);
        return (int)(hash ^ (hash >> 32));
    }

    private static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left ^ Multiplier, right, out var low);
        return high ^ low;
    }
}
