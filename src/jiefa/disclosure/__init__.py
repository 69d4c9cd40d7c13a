"""What the public is told: notices and announcements, masked by construction; proof that they hung; objections to them."""
