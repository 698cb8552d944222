using System.Text;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Fuzzing.Cryptography;

/// <summary>Keys as text: what is read is written the same, but for the case of its digits.</summary>
internal sealed class KeyTextTarget : IFuzzTarget
{
    private const string Digits = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";

    public string Name => "key-text";

    public IEnumerable<byte[]> Seeds => [Encoding.ASCII.GetBytes("nodekey:" + Digits), Encoding.ASCII.GetBytes("privkey:" + Digits)];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.Latin1.GetString(input);
        try
        {
            var key = NodePublicKey.Parse(text);
            if (text.Length > 0 && !string.Equals(key.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException("A public key's text did not survive.");
            }
        }
        catch (FormatException)
        {
        }

        try
        {
            using var key = PrivateKey.Parse(text);
            if (!string.Equals(key.ToText(), text, StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException("A private key's text did not survive.");
            }
        }
        catch (FormatException)
        {
        }
    }
}
