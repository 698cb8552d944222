using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Tailnet.Fuzzing.Noise;

/// <summary>Records: what is read before an error is a beginning of what was written.</summary>
internal sealed class NoiseRecordTarget : IFuzzTarget
{
    private readonly NoiseSession _client;
    private readonly byte[] _text = [.. Enumerable.Range(0, 9000).Select(i => (byte)i)];
    private readonly byte[] _records;
    private readonly byte[] _read = new byte[9001];

    public NoiseRecordTarget()
    {
        using var initiator = NoiseFuzzKeys.Initiator();
        var response = new byte[NoiseProtocol.ResponseSize];
        using var server = NoiseFuzzKeys.Respond(initiator.Initiation.Span, response);
        _client = initiator.ReadResponse(response);
        using var sent = new MemoryStream();
        using var stream = new NoiseStream(sent, server);
        stream.Write(_text.AsSpan(0, 10));
        stream.Write(_text.AsSpan(10, 100));
        stream.Write(_text.AsSpan(110));
        _records = sent.ToArray();
    }

    public string Name => "noise-record";

    public IEnumerable<byte[]> Seeds => [_records, _records[..200], _records[..148]];

    public void Run(ReadOnlySpan<byte> input)
    {
        // Not disposed of, as that would end the session which every run begins anew.
        var stream = new NoiseStream(new MemoryStream(input.ToArray()), _client);
        var length = 0;
        try
        {
            while (stream.Read(_read.AsSpan(length, Math.Min(_read.Length - length, 1 + (length % 700)))) is > 0 and var count)
            {
                length += count;
            }
        }
        catch (IOException)
        {
        }

        if (!_text.AsSpan().StartsWith(_read.AsSpan(0, length)))
        {
            throw new InvalidOperationException("Something was read that nobody wrote.");
        }
    }
}
