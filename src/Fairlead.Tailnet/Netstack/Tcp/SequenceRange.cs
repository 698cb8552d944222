namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Sequence numbers from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct SequenceRange(uint Start, uint End)
{
    public bool IsEmpty => Start == End;
}
