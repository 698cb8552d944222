using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.Schemas;

public sealed class StringFormatTests
{
    [Theory]
    [InlineData("date-time", "2020-01-01T00:00:00Z", true)]
    [InlineData("date-time", "2020-01-01t00:00:00.123456789+01:00", true)]
    [InlineData("date-time", "2020-01-01", false)]
    [InlineData("date-time", "2020-01-01 00:00:00Z", false)]
    [InlineData("date-time", "2020-13-01T00:00:00Z", false)]
    [InlineData("date-time", "2020-01-01T00:00:00", false)]
    [InlineData("ipv4", "1.2.3.4", true)]
    [InlineData("ipv4", "::1", false)]
    [InlineData("ipv4", "1.2.3", false)]
    [InlineData("ipv4", "01.2.3.4", false)]
    [InlineData("ipv6", "::1", true)]
    [InlineData("ipv6", "::ffff:1.2.3.4", true)]
    [InlineData("ipv6", "1.2.3.4", false)]
    [InlineData("ipv6", "fe80::1%eth0", false)]
    [InlineData("ipv6", "[::1]", false)]
    [InlineData("cidr", "10.0.0.0/8", true)]
    [InlineData("cidr", "::/0", true)]
    [InlineData("cidr", "10.0.0.0/33", false)]
    [InlineData("cidr", "10.0.0.0", false)]
    [InlineData("uri", "http://a/b", true)]
    [InlineData("uri", "/x", true)]
    [InlineData("uri", "mailto:x@y", true)]
    [InlineData("uri", "a/b", false)]
    [InlineData("uri", "", false)]
    [InlineData("uri", "http://a b", false)]
    [InlineData("email", "a@b.c", true)]
    [InlineData("email", "A <a@b.c>", true)]
    [InlineData("email", "a", false)]
    [InlineData("hostname", "1", true)]
    [InlineData("hostname", "web.example.com", true)]
    [InlineData("hostname", "a.b", false)]
    [InlineData("hostname", "a_b", false)]
    [InlineData("hostname", "-a", false)]
    [InlineData("uuid", "123e4567-e89b-12d3-a456-426614174000", true)]
    [InlineData("uuid", "123e4567e89b12d3a456426614174000", true)]
    [InlineData("uuid", "x", false)]
    [InlineData("duration", "1h2m", true)]
    [InlineData("duration", "0", true)]
    [InlineData("duration", "-1.5h", true)]
    [InlineData("duration", "22 ns", true)]
    [InlineData("duration", "3 weeks", true)]
    [InlineData("duration", "1.5 h", true)]
    [InlineData("duration", "5", false)]
    [InlineData("duration", "", false)]
    [InlineData("byte", "YQ==", true)]
    [InlineData("byte", "YQ", false)]
    [InlineData("byte", "", false)]
    [InlineData("byte", "YWJj\n", false)]
    [InlineData("date", "2020-01-01", true)]
    [InlineData("date", "2020-1-1", false)]
    [InlineData("date", "2020-02-30", false)]
    [InlineData("mac", "0000.5e00.5301", true)]
    [InlineData("mac", "00:00:5e:00:53:01", true)]
    [InlineData("mac", "x", false)]
    [InlineData("isbn", "978-0321751041", true)]
    [InlineData("isbn10", "0321751043", true)]
    [InlineData("isbn10", "0321751044", false)]
    [InlineData("hexcolor", "#FFFFFF", true)]
    [InlineData("hexcolor", "#GGGGGG", false)]
    [InlineData("made-up", "anything", true)]
    public void A_format_is_checked(string format, string text, bool valid)
    {
        var schema = new SchemaNode { Type = "string", Format = format };
        var errors = SchemaValidator.Validate(JsonValue.Create(text), null, schema);
        Assert.Equal(valid, errors.IsEmpty);
        Assert.All(errors, error => Assert.Equal("FieldValueTypeInvalid", error.Reason()));
    }

    [Theory]
    [InlineData("^[a-z]+$", "abc\n", false)]
    [InlineData(@"^\d+$", "٣", false)]
    [InlineData("(?P<a>x)", "x", true)]
    [InlineData("^[[:alpha:]]+$", "abc", true)]
    public void Patterns_mean_what_RE2_means(string pattern, string text, bool valid)
    {
        var schema = new SchemaNode { Type = "string", Pattern = pattern };
        Assert.Equal(valid, SchemaValidator.Validate(JsonValue.Create(text), null, schema).IsEmpty);
    }

    [Fact]
    public void Lengths_count_code_points()
    {
        var schema = new SchemaNode { Type = "string", MaxLength = 1 };
        Assert.Empty(SchemaValidator.Validate(JsonValue.Create("\U0001F6A2"), null, schema));
    }
}
