using System.Net;
using Fairlead.Tailnet.Nodes.Certificates;

namespace Fairlead.Tailnet.Fuzzing.Nodes;

/// <summary>What a certificate authority says, in every place where something of it is used.</summary>
internal sealed class AcmeReplyTarget : IFuzzTarget
{
    private static readonly Uri Origin = new("https://ca.example.com/directory");

    public string Name => "acme-reply";

    public IEnumerable<byte[]> Seeds =>
    [
        """{"newNonce":"https://ca.example.com/nonce","newAccount":"/account","newOrder":"https://ca.example.com/orders","renewalInfo":"https://ca.example.com/renewal"}"""u8.ToArray(),
        """{"status":"pending","authorizations":["https://ca.example.com/a/1"],"finalize":"https://ca.example.com/f/1","certificate":"https://ca.example.com/c/1"}"""u8.ToArray(),
        """{"status":"invalid","identifier":{"type":"dns","value":"web"},"challenges":[{"type":"dns-01","url":"https://ca.example.com/p","token":"t","error":{"detail":"no"}}]}"""u8.ToArray(),
        """{"suggestedWindow":{"start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z"},"type":"urn:ietf:params:acme:error:badNonce","detail":"\ud83d\ude00"}"""u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        using var authority = new Answering(input.ToArray());
        using var http = new HttpMessageInvoker(authority, disposeHandler: false);
        var transport = new AcmeTransport(http, Origin, null!, TimeProvider.System);
        foreach (var status in (ReadOnlySpan<HttpStatusCode>)[HttpStatusCode.OK, HttpStatusCode.BadRequest])
        {
            authority.Status = status;
            try
            {
                _ = transport.FindAsync("newOrder", CancellationToken.None).GetAwaiter().GetResult();
                var reply = transport.GetAsync(Origin, CancellationToken.None).GetAwaiter().GetResult();
                Read(reply);
            }
            catch (AcmeException)
            {
                // What the decoder documents.
            }
        }
    }

    private static void Read(AcmeReply reply)
    {
        foreach (var item in reply.Body.Items("authorizations").Concat(reply.Body.Items("challenges")))
        {
            _ = (item.AsHttpUri(), item.Text("type"), item.Text("token"), item.At("url").AsHttpUri(), item.At("error").Text("detail"));
        }

        _ = AcmeClient.WindowOf(reply);
        _ = reply.Body.At("identifier").Text("value");
        _ = reply.Field("status");
        _ = reply.Address("finalize");
        _ = reply.Address("certificate");
    }

    private sealed class Answering(byte[] body) : HttpMessageHandler
    {
        public HttpStatusCode Status { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(Status) { Content = new ByteArrayContent(body) });
    }
}
