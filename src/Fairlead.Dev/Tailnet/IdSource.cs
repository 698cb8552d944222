namespace Fairlead.Dev.Tailnet;

/// <summary>Makes ids and secrets out of one source of randomness.</summary>
internal sealed class IdSource(Random random)
{
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789";

    private readonly Lock _gate = new();

    public string Next(int length)
    {
        lock (_gate) return new string(random.GetItems<char>(Alphabet, length));
    }

    /// <summary>An id in the control plane's form, e.g. <c>kV3nJq7Zs11CNTRL</c>.</summary>
    public string NextStableId(char prefix) => $"{prefix}{Next(10)}CNTRL";

    public long NextNumber()
    {
        lock (_gate) return random.NextInt64(1_000_000_000_000, 9_000_000_000_000_000);
    }
}
