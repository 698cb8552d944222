namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>States of RFC 9293 section 3.3.2; LISTEN is the listener's, TIME-WAIT a table's of its own.</summary>
internal enum TcpState : byte
{
    Closed,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}
