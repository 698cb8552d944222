using System.Text;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>Prefixes and ports as text: what is read is written, and read as the same.</summary>
internal sealed class AddressTextTarget : IFuzzTarget
{
    public string Name => "address-text";

    public IEnumerable<byte[]> Seeds => new[] { "100.64.0.1/32", "fd7a:115c:a1e0::1/128", "::ffff:1.2.3.4/96", "fe80::1%eth0/64", "tcp:443", "udp:1-1023", "*", "" }.Select(Encoding.ASCII.GetBytes);

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.Latin1.GetString(input);
        if (IPPrefix.TryParse(text, out var prefix) && IPPrefix.Parse(prefix.ToString()) != prefix)
        {
            throw new InvalidOperationException("A prefix did not survive.");
        }

        if (ProtoPortRange.TryParse(text, out var range) && !(ProtoPortRange.TryParse(range.ToString(), out var again) && again == range))
        {
            throw new InvalidOperationException("A range of ports did not survive.");
        }
    }
}
