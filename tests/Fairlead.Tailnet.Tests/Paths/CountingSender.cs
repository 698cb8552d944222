using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Paths;

internal sealed class CountingSender : IDatagramSender
{
    public int Sent { get; private set; }

    public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize) => Sent++;
}
