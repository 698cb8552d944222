using Fairlead.Tailnet.Filtering;

namespace Fairlead.Tailnet.Fuzzing.Filtering;

/// <summary>The packet filter's view of IP packets: a verdict for whatever comes, in both directions.</summary>
internal sealed class PacketFilterTarget : IFuzzTarget
{
    private readonly PacketFilter _filter = new(TimeProvider.System, _ => null);

    public PacketFilterTarget() => _filter.Use(new FilterProgram
    {
        Rules = [new CompiledRule(AddressSet.Of([AddressRange.Everything]), [new FilterDestination(AddressRange.Everything, 80, 443)], ProtocolSet.Usual)],
        Local = AddressSet.Of([AddressRange.Everything]),
    });

    public string Name => "packet-filter";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("450000280001000040060000" + "64400002" + "64400001" + "13880050" + "0000000000000000" + "50020000" + "00000000"),
        Convert.FromHexString("450000380001000040010000" + "64400002" + "64400001" + "0300000000000000" + "4500001c0001000040110000" + "6440000164400002" + "9c41003500080000"),
        Convert.FromHexString("60000000001c3c40" + "fd7a115ca1e000000000000000000002" + "fd7a115ca1e000000000000000000001" + "0600000000000000" + "138801bb" + "0000000000000000" + "50020000" + "00000000"),
        Convert.FromHexString("6000000000102c40" + "fd7a115ca1e000000000000000000002" + "fd7a115ca1e000000000000000000001" + "1100000100000001" + "13880035000800ff"),
    ];

    /// <summary>A new conversation may double a table, which is 5.3 MiB at its largest.</summary>
    public long AllocationLimit(int inputLength) => 6 << 20;

    public void Run(ReadOnlySpan<byte> input)
    {
        _ = _filter.Check(input);
        _filter.Sent(input);
        _filter.EndOfBatch();
    }
}
