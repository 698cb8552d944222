using System.Net;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Errors;

public sealed class ErrorTextTests : TailnetTest
{
    [Fact]
    public async Task An_error_that_is_not_JSON_keeps_its_status_and_the_start_of_its_text()
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/devices$", 403) with
        {
            ContentType = "text/html",
            Body = "<html>\n  <h1>Blocked by proxy</h1>" + new string('x', 5000),
        });

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Devices.ListAsync(Stop));

        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.StartsWith("403 Forbidden: <html> <h1>Blocked by proxy</h1>xxx", error.Detail, StringComparison.Ordinal);
        Assert.InRange(error.Detail.Length, 100, 400);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"message\":7,\"data\":\"x\"}")]
    public async Task An_error_without_a_message_keeps_its_status(string body)
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/devices$", 409) with { Body = body });

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Devices.ListAsync(Stop));

        Assert.Equal(HttpStatusCode.Conflict, error.StatusCode);
        Assert.StartsWith("409 Conflict", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_per_user_are_given()
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/devices$", 400) with
        {
            Body = """{"message":"no","data":[{"user":"a@example.com","errors":["one","two"]}]}""",
        });

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Devices.ListAsync(Stop));

        var subject = Assert.Single(error.Subjects);
        Assert.Equal("a@example.com", subject.Subject);
        Assert.Equal(["one", "two"], subject.Errors);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"devices\":[{\"addresses\":\"x\"}]}")]
    public async Task A_success_that_makes_no_sense_is_an_error_of_the_same_type(string body)
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/devices$", 200) with { Body = body });

        var error = await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Devices.ListAsync(Stop));

        Assert.Equal(HttpStatusCode.OK, error.StatusCode);
        Assert.Contains("not the JSON expected", error.Message, StringComparison.Ordinal);
    }
}
