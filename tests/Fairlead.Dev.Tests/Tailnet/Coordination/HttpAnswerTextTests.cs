using System.Text;
using Fairlead.Dev.Tailnet.Coordination.NodeCalls;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class HttpAnswerTextTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nall", 200, "all")]
    [InlineData("HTTP/1.0 404 Not Found\r\nContent-Length: 2\r\n\r\nabc", 404, "ab")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", 200, "abcd")]
    public void A_response_is_read(string text, int status, string body)
    {
        var reply = HttpAnswerText.Parse(Encoding.ASCII.GetBytes(text));

        Assert.Equal((status, body), (reply.Status, Encoding.ASCII.GetString(reply.Body.Span)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/2 200\r\n\r\n")]
    [InlineData("HTTP/1.1 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nabc\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    public void What_is_no_response_is_told_apart(string text) =>
        Assert.Throws<FormatException>(() => HttpAnswerText.Parse(Encoding.ASCII.GetBytes(text)));
}
