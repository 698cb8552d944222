using System.Net.Sockets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>What the path tells, by ICMP or by silence.</content>
internal sealed partial class TransmissionControlBlock
{
    private const int SafeMtuV4 = 576; // RFC 1191 section 3
    private const int SafeMtuV6 = 1280; // RFC 8200 section 5
    private const int BlackHoleTimeouts = 3;
    private const int BlackHoleMtu = 1064; // a segment of 1024 bytes over IPv4: passes all tunnels, and costs little if the path was not at fault

    public bool IsInFlight(uint sequence)
    {
        lock (Gate)
        {
            return _state is not (TcpState.Closed or TcpState.TimeWait)
                && Sequence.AtOrAfter(sequence, _sendUnacknowledged) && Sequence.Before(sequence, _sendNext);
        }
    }

    /// <summary>
    /// An ICMP error that quotes one of our segments. Anyone can make one up; so only those count that quote what is in flight, and none
    /// ends a connection that is established (RFC 5927 sections 4.1, 6.2).
    /// </summary>
    /// <param name="pathMtu">0 if the error is not about the size.</param>
    public void OnPathError(uint quotedSequence, SocketError error, bool hard, int pathMtu)
    {
        lock (Gate)
        {
            if (_state is TcpState.Closed or TcpState.TimeWait
                || Sequence.Before(quotedSequence, _sendUnacknowledged) || Sequence.AtOrAfter(quotedSequence, _sendNext))
            {
                return;
            }

            if (pathMtu != 0)
            {
                if (_state is not (TcpState.SynSent or TcpState.SynReceived))
                {
                    ReduceMtu(pathMtu);
                    Output(Layer.Clock.Now);
                }
            }
            else if (hard && _state == TcpState.SynSent)
            {
                Fail(error);
            }
            else
            {
                _softError = error;
            }

            Leave();
        }
    }

    private void ReduceMtu(int mtu)
    {
        mtu = Math.Max(mtu, Key.Remote.IsV4 ? SafeMtuV4 : SafeMtuV6);
        if (mtu >= _mtu)
        {
            return;
        }

        _mtu = mtu;
        SizeSegments();
        for (var i = 0; i < _sent.Count; i++)
        {
            if (_sent[i].Length > (uint)_segmentSize + 1)
            {
                MarkLost(i);
            }
        }
    }

    /// <summary>Full segments that vanish again and again, though smaller ones came through, may be too large (RFC 4821 section 7.7).</summary>
    private void ReduceSegmentSizeIfBlackHole()
    {
        if (_rtt.Backoff >= BlackHoleTimeouts && _sent[0].Length >= _segmentSize)
        {
            ReduceMtu(BlackHoleMtu);
        }
    }
}
