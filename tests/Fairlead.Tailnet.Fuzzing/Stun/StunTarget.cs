using Fairlead.Tailnet.Protocol;
using Fairlead.Tailnet.Protocol.Stun;

namespace Fairlead.Tailnet.Fuzzing.Stun;

/// <summary>Binding requests and responses. What is read as a response is written and read back to the same.</summary>
internal sealed class StunTarget : IFuzzTarget
{
    public string Name => "stun";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var transaction = StunTransactionId.Read(new byte[StunTransactionId.Size]);
            var request = new byte[StunMessage.RequestSize];
            StunMessage.WriteRequest(request, transaction);
            yield return request;
            var response = new byte[StunMessage.MaxResponseSize];
            yield return response[..StunMessage.WriteResponse(response, transaction, WireEndPoint.From([1, 2, 3, 4], 5))];
            yield return response[..StunMessage.WriteResponse(response, transaction, WireEndPoint.From(new byte[16], 5))];

            // With the plain attribute of RFC 3489.
            yield return Convert.FromHexString("0101000c2112a4420000000000000000000000000001000800018055c0000201");
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        StunMessage.TryReadRequest(input, out _);
        if (!StunMessage.TryReadResponse(input, out var transaction, out var mapped))
            return;
        Span<byte> again = stackalloc byte[StunMessage.MaxResponseSize];
        var length = StunMessage.WriteResponse(again, transaction, mapped);
        if (!StunMessage.TryReadResponse(again[..length], out var sameTransaction, out var same) || same != mapped || sameTransaction != transaction)
            throw new InvalidOperationException("A response does not survive being written and read.");
    }
}
